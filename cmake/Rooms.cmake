# endospike_room(TARGET ROOM FILE... [ALONE FILE...] [JSON FILE...] [HEADERS FILE...]) : ROOM/FILE.cpp are part of TARGET.
#
# Where unity builds are on (the release preset), a room is one translation unit, so that its headers are read once.
# ALONE are units of their own all the same: kernels that are compiled once for each instruction set or with flags that
# differ. JSON goes to the target's part that is less optimised. In targets with meta objects, moc reads the header
# beside each file; HEADERS are those without a file.
function(endospike_room target room)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "ALONE;JSON;HEADERS")
  endospike_sources(${target} ${room} ${room} ${arg_UNPARSED_ARGUMENTS})
  endospike_sources(${target} ${room} "" ${arg_ALONE})
  endospike_sources(${target}_json ${room} ${room} ${arg_JSON})
  get_target_property(moc ${target} ENDOSPIKE_MOC)
  if(moc)
    endospike_moc(${target} ${room} ${arg_UNPARSED_ARGUMENTS} ${arg_ALONE} ${arg_HEADERS})
  endif()
endfunction()

function(endospike_sources target room group)
  foreach(file ${ARGN})
    target_sources(${target} PRIVATE ${room}/${file}.cpp)
    if(group)
      set_source_files_properties(${room}/${file}.cpp PROPERTIES UNITY_GROUP ${group})
    endif()
  endforeach()
endfunction()

# Runs moc on the headers of a room; all that it writes is one file, in the room's group. A header without Q_OBJECT adds
# nothing. moc finds no includes here and needs none, which makes it ten times as fast.
function(endospike_moc target room)
  set(unit ${CMAKE_CURRENT_BINARY_DIR}/moc_${room}.cpp)
  set(write >)
  foreach(file ${ARGN})
    set(header ${CMAKE_CURRENT_SOURCE_DIR}/${room}/${file}.h)
    if(EXISTS ${header})
      list(APPEND headers ${header})
      file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR} ${header})
      list(APPEND commands COMMAND Qt6::moc --no-notes -f ${name} ${header} ${write} ${unit})
      set(write >>)
    endif()
  endforeach()
  add_custom_command(OUTPUT ${unit} ${commands} DEPENDS ${headers} COMMENT "Generating meta objects of ${room}" VERBATIM)
  # Also part of a target without dependencies; else the command would wait for every library that TARGET links.
  add_custom_target(${target}_${room}_moc DEPENDS ${unit})
  target_sources(${target} PRIVATE ${unit})
  set_source_files_properties(${unit} PROPERTIES UNITY_GROUP ${room})
endfunction()

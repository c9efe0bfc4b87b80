// The headers themselves are listed in CMakeLists.txt.

# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# Installing: headers of all layers under one root, the library, and the package that find_package(priel) reads.

include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/priel)

foreach(folder IN ITEMS include policies algorithms)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/priel DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(TARGETS priel_core priel_policies priel_algorithms priel priel_tuned EXPORT priel_targets)
install(EXPORT priel_targets NAMESPACE priel:: DESTINATION ${package} FILE priel-targets.cmake)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/priel-config.cmake.in
  ${PROJECT_BINARY_DIR}/priel-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/priel-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/priel-config.cmake ${PROJECT_BINARY_DIR}/priel-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/priel_device.cmake DESTINATION ${package})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

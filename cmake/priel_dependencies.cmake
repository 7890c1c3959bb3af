# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

# What the library needs from elsewhere, found once.

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(xtensor REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)

if(PRIEL_MPI)
  # The C bindings only: the C++ ones were removed from MPI and would be linked for nothing.
  find_package(MPI REQUIRED COMPONENTS C)
endif()

if(PRIEL_HDF5)
  set(HDF5_PREFER_PARALLEL ${PRIEL_MPI})
  find_package(HDF5 REQUIRED COMPONENTS C)
  find_package(ZLIB REQUIRED)
  if(PRIEL_MPI AND NOT HDF5_IS_PARALLEL)
    message(FATAL_ERROR "The HDF5 found (${HDF5_LIBRARIES}) is serial, but the build has MPI: "
      "install the parallel one (Debian: libhdf5-openmpi-dev) or configure with -DPRIEL_HDF5=OFF.")
  elseif(HDF5_IS_PARALLEL AND NOT PRIEL_MPI)
    message(FATAL_ERROR "The HDF5 found (${HDF5_LIBRARIES}) needs MPI, but the build is without: "
      "install the serial one (Debian: libhdf5-dev) or configure with -DPRIEL_HDF5=OFF.")
  endif()
endif()

# GDAL is loaded by a running program when it first needs a raster: only its headers are used, and the name of its library.
set(PRIEL_HAS_GDAL FALSE)
if(NOT PRIEL_GDAL STREQUAL "OFF")
  find_path(PRIEL_GDAL_INCLUDE_DIR gdal.h PATH_SUFFIXES gdal)
  find_library(PRIEL_GDAL_LIBRARY gdal)
  if(PRIEL_GDAL_INCLUDE_DIR AND PRIEL_GDAL_LIBRARY)
    set(PRIEL_HAS_GDAL TRUE)
    file(REAL_PATH ${PRIEL_GDAL_LIBRARY} library)
    string(REGEX MATCH "libgdal\\.so\\.[0-9]+" PRIEL_GDAL_NAME ${library})   # the name that all patches of a version share
    if(NOT PRIEL_GDAL_NAME)
      set(PRIEL_GDAL_NAME ${library})
    endif()
  elseif(PRIEL_GDAL STREQUAL "ON")
    message(FATAL_ERROR "GDAL is not found: install it (Debian: libgdal-dev) or configure with -DPRIEL_GDAL=OFF.")
  endif()
endif()

if(PRIEL_CUDA STREQUAL "AUTO")
  include(CheckLanguage)
  check_language(CUDA)
endif()
if(PRIEL_CUDA STREQUAL "ON" OR (PRIEL_CUDA STREQUAL "AUTO" AND CMAKE_CUDA_COMPILER))
  if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 80 90)   # with their PTX, which newer cards compile for themselves
  endif()
  enable_language(CUDA)
  set(PRIEL_HAS_CUDA TRUE)
else()
  set(PRIEL_HAS_CUDA FALSE)
endif()

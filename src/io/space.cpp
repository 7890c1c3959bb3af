// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Room on the disk by the means of the operating system.

#include "space.hpp"

#include <priel/communicator.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace priel::io::detail {
namespace {

void require_free(const std::string& name, const std::string& path, std::int64_t bytes) {
  struct statvfs disk = {};
  if (::statvfs(path.c_str(), &disk) != 0) return;  // nothing is known, so nothing is known to be wrong
  const auto free = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
  if (free < bytes)
    throw SystemError("cannot write " + name + ": no space left on the disk; " + std::to_string(bytes) + " bytes are needed, " +
                      std::to_string(free) + " are free");
}

}  // namespace

void reserve_space(const std::string& name, const std::string& path, std::int64_t offset, std::int64_t bytes) {
  if (bytes <= 0) return;
#if defined(__linux__)
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    const int failed = ::fallocate(file, FALLOC_FL_KEEP_SIZE, offset, bytes) == 0 ? 0 : errno;
    ::close(file);
    constexpr std::int64_t for_structure = 1 << 20;  // what HDF5 keeps about the data
    if (failed == 0) return require_free(name, path, for_structure);
    if (failed == ENOSPC) require_free(name, path, bytes);  // has the figures
    if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG) throw SystemError("cannot write " + name + ": " + std::strerror(failed));
  }
#endif
  require_free(name, path, bytes);
}

}  // namespace priel::io::detail

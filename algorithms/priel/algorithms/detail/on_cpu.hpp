// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Memory of any backend for functions that are compiled for the CPU: where it lies, or by copies.
#pragma once

#include <priel/array.hpp>
#include <priel/staging.hpp>

namespace priel::detail {

// Memory of a backend as CPU memory: where it lies, or a copy.
template <class Backend, class T>
class OnCpu {
 public:
  OnCpu(const T* data, Size count) : data_(data), copy_(Backend::host_memory ? 0 : count * static_cast<Size>(sizeof(T))) {
    if constexpr (!Backend::host_memory) {
      Backend::download(copy_.data.get(), data, count * static_cast<Size>(sizeof(T)));
      data_ = reinterpret_cast<const T*>(copy_.data.get());
    }
  }
  const T* data() const { return data_; }

 private:
  const T* data_;
  Bytes copy_;
};

// And the other way round.
template <class Backend, class T>
class OnBackend {
 public:
  OnBackend(const T* data, Size count) : data_(data) {
    if constexpr (!Backend::host_memory) {
      copy_ = make_buffer<T, Backend>(count);
      Backend::upload(copy_->data(), data, count * static_cast<Size>(sizeof(T)));
      data_ = copy_->data();
    }
  }
  const T* data() const { return data_; }

 private:
  const T* data_;
  SharedBuffer<T, Backend> copy_;
};

// f(memory) writes this rank's elements of the array into CPU memory.
template <class A, class F>
void fill_on_cpu(A& array, F&& f) {
  using T = value_of<A>;
  const auto lease = array.local_mut();
  if constexpr (backend_of<A>::host_memory) f(lease.data());
  else {
    const Size bytes = array.lshape().size() * static_cast<Size>(sizeof(T));
    const Bytes staged(bytes);
    f(reinterpret_cast<T*>(staged.data.get()));
    backend_of<A>::upload(lease.data(), staged.data.get(), bytes);
  }
}

}  // namespace priel::detail

// expect: error_E09_patches_need_whole_images_where_pixels_are_split
// expect: Split<0>
// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Dates on other ranks than pixels: no rank can cut a patch.
#include <priel/priel.hpp>

using namespace priel;

auto cut(const Array<float, 3, Split<0>>& images, const Array<Size, 2, Split<0>>& pixels) {
#ifdef PRIEL_MISTAKE
  return patches(images, pixels, 7);
#else
  return patches(images, redistribute(pixels, replicated), 7);
#endif
}

// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Pictures of rasters, drawn with cairo.
#include "picture.hpp"

#include <priel/communicator.hpp>

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <sstream>
#include <vector>

namespace priel::app {

namespace {

constexpr double ink = 0.13, paper = 1.0;
constexpr int border = 16, top = 58, legend_width = 112;
constexpr Colour neutral{214, 214, 214};
constexpr std::int64_t small_side = 700, large_side = 2400;

struct Frame {
  std::int64_t enlarge = 1;
  std::int64_t reduce = 1;
  int width = 0;    // of the raster in the picture
  int height = 0;
};

Frame frame_of(const Picture& picture) {
  Frame frame;
  const std::int64_t side = std::max({picture.height, picture.width, std::int64_t{1}});
  frame.enlarge = std::max<std::int64_t>(1, (small_side + side / 2) / side);
  frame.reduce = picture_reduction(picture.height, picture.width);
  auto scaled = [&](std::int64_t extent) { return static_cast<int>((extent + frame.reduce - 1) / frame.reduce * frame.enlarge); };
  frame.width = scaled(picture.width);
  frame.height = scaled(picture.height);
  return frame;
}

// One value for a block of reduce x reduce pixels; NaN if it has none.
float reduced(const Layer& layer, const Picture& picture, std::int64_t reduce, std::int64_t row, std::int64_t column, bool largest) {
  float best = std::numeric_limits<float>::quiet_NaN();
  double sum = 0;
  int count = 0;
  for (std::int64_t i = row * reduce; i < std::min(picture.height, (row + 1) * reduce); ++i)
    for (std::int64_t j = column * reduce; j < std::min(picture.width, (column + 1) * reduce); ++j) {
      const float value = layer.values[static_cast<std::size_t>(i * picture.width + j)];
      if (std::isnan(value)) continue;
      best = count == 0 ? value : std::max(best, value);
      sum += value;
      ++count;
    }
  return largest || count == 0 ? best : static_cast<float>(sum / count);
}

double scaled(const Layer& layer, float value) {
  if (layer.high > layer.low) return (value - layer.low) / (layer.high - layer.low);
  return value > layer.high ? 1 : 0;
}

std::uint32_t packed(const Colour& colour) {
  return 0xff000000u | static_cast<std::uint32_t>(colour.red) << 16 | static_cast<std::uint32_t>(colour.green) << 8 | colour.blue;
}

Colour blended(const Colour& below, const Colour& above, double opacity) {
  auto mixed = [&](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(std::lround(a + (b - a) * opacity)); };
  return {mixed(below.red, above.red), mixed(below.green, above.green), mixed(below.blue, above.blue)};
}

// The raster part of the picture as 32-bit pixels, row by row.
std::vector<std::uint32_t> paint(const Picture& picture, const Frame& frame) {
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height));
  for (int y = 0; y < frame.height; y += static_cast<int>(frame.enlarge))
    for (int x = 0; x < frame.width; x += static_cast<int>(frame.enlarge)) {
      const std::int64_t row = y / frame.enlarge, column = x / frame.enlarge;
      Colour colour = neutral;
      for (const auto* layer : {&picture.background, &picture.overlay}) {
        if (!*layer) continue;
        const float value = reduced(**layer, picture, frame.reduce, row, column, layer == &picture.overlay);
        if (std::isnan(value)) continue;
        const Colour own = colour_of((*layer)->map, scaled(**layer, value));
        colour = value > (*layer)->low ? own : blended(colour, own, (*layer)->veil);
      }
      for (int i = 0; i < frame.enlarge; ++i)
        for (int j = 0; j < frame.enlarge; ++j)
          pixels[static_cast<std::size_t>(y + i) * static_cast<std::size_t>(frame.width) + static_cast<std::size_t>(x + j)] = packed(colour);
    }
  return pixels;
}

struct Destroy {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, Destroy>;
using Context = std::unique_ptr<cairo_t, Destroy>;

void grey(cairo_t* context, double level) { cairo_set_source_rgb(context, level, level, level); }

// Text from x to at most x + room, its size lowered until it fits.
void write_text(cairo_t* context, const std::string& text, double x, double y, double size, double room, bool bold) {
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_text_extents_t extents;
  for (;; size -= 0.5) {
    cairo_set_font_size(context, size);
    cairo_text_extents(context, text.c_str(), &extents);
    if (extents.x_advance <= room || size <= 7) break;
  }
  cairo_move_to(context, x, y);
  cairo_show_text(context, text.c_str());
}

// The text in lines of at most `room` at this size, cut between words.
std::vector<std::string> wrapped(cairo_t* context, const std::string& text, double size, double room) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, size);
  for (std::string word; words >> word;) {
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    cairo_text_extents_t extents;
    cairo_text_extents(context, longer.c_str(), &extents);
    if (lines.empty() || extents.x_advance > room) lines.push_back(word);
    else lines.back() = longer;
  }
  return lines;
}

// A step of 1, 2 or 5 times a power of ten that cuts the range into about five.
double tick_step(double range) {
  const double raw = range / 5, power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power) return factor * power;
  return 10 * power;
}

void draw_bar(cairo_t* context, const Layer& layer, double x, double y, double height) {
  constexpr double width = 18;
  const int steps = std::max(1, static_cast<int>(height));
  for (int i = 0; i < steps; ++i) {
    const Colour c = colour_of(layer.map, 1 - (i + 0.5) / steps);
    cairo_set_source_rgb(context, c.red / 255.0, c.green / 255.0, c.blue / 255.0);
    cairo_rectangle(context, x, y + i, width, 1);
    cairo_fill(context);
  }
  grey(context, ink);
  cairo_set_line_width(context, 1);
  cairo_rectangle(context, x + 0.5, y - 0.5, width, steps + 1);
  cairo_stroke(context);
  const double range = layer.high - layer.low;
  auto mark = [&](double value, const std::string& text) {
    const double at = y + (range > 0 ? (layer.high - value) / range : 0.5) * steps;
    cairo_move_to(context, x + width, at);
    cairo_line_to(context, x + width + 4, at);
    cairo_stroke(context);
    write_text(context, text, x + width + 7, at + 4, 11, legend_width - width - 12, false);
  };
  // The true ends first; a round value too close to an end would print over it.
  mark(layer.high, fmt::format("{:.4g}", layer.high));
  if (!(range > 0)) return;
  mark(layer.low, fmt::format("{:.4g}", layer.low));
  const double step = tick_step(range), clear = 16 * range / steps;
  for (double value = std::ceil(layer.low / step) * step; value < layer.high - clear; value += step)
    if (value > layer.low + clear) mark(value, fmt::format("{:.4g}", std::abs(value) < step / 1000 ? 0 : value));
}

// Yes and no need no scale: a box of each colour and its meaning.
void draw_boxes(cairo_t* context, const Layer& layer, double x, double y) {
  constexpr double side = 14;
  for (const bool yes : {true, false}) {
    const Colour full = colour_of(layer.map, yes ? 1 : 0), c = yes ? full : blended(neutral, full, layer.veil);
    cairo_set_source_rgb(context, c.red / 255.0, c.green / 255.0, c.blue / 255.0);
    cairo_rectangle(context, x, y, side, side);
    cairo_fill(context);
    grey(context, ink);
    write_text(context, yes ? "anomaly" : "examined", x + side + 7, y + 11.5, 11, legend_width - side - 8, false);
    y += side + 8;
  }
}

void draw_legend(cairo_t* context, const Picture& picture, double x, double y, double height) {
  const std::optional<Layer>& layer = picture.overlay ? picture.overlay : picture.background;
  if (!layer) return;
  if (layer->map == ColourMap::anomaly) {
    draw_boxes(context, *layer, x, y);
    return;
  }
  grey(context, ink);
  double offset = 6;
  for (const std::string& line : wrapped(context, picture.legend, 11, legend_width)) {
    write_text(context, line, x, y + offset + 4, 11, legend_width, false);
    offset += 14;
  }
  if (!picture.legend.empty()) offset += 6;
  draw_bar(context, *layer, x, y + offset, std::max(40.0, std::min(height - offset - 6, 420.0)));
}

void check(const Picture& picture) {
  for (const auto* layer : {&picture.background, &picture.overlay})
    if (*layer && static_cast<std::int64_t>((*layer)->values.size()) != picture.height * picture.width)
      throw ShapeError(fmt::format("a picture of {} x {} pixels got a layer of {} values", picture.height, picture.width, (*layer)->values.size()));
}

}  // namespace

std::int64_t picture_reduction(std::int64_t height, std::int64_t width) {
  return (std::max({height, width, std::int64_t{1}}) + large_side - 1) / large_side;
}

void write_picture(const std::string& path, const Picture& picture) {
  check(picture);
  const Frame frame = frame_of(picture);
  const int body = std::max(frame.height, 110);
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, frame.width + 3 * border + legend_width, top + body + border));
  const Context context(cairo_create(surface.get()));
  grey(context.get(), paper);
  cairo_paint(context.get());

  std::vector<std::uint32_t> pixels = paint(picture, frame);
  const Surface raster(cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(pixels.data()), CAIRO_FORMAT_RGB24, frame.width,
                                                           frame.height, frame.width * 4));
  cairo_set_source_surface(context.get(), raster.get(), border, top);
  cairo_paint(context.get());
  grey(context.get(), ink);
  cairo_set_line_width(context.get(), 1);
  cairo_rectangle(context.get(), border - 0.5, top - 0.5, frame.width + 1, frame.height + 1);
  cairo_stroke(context.get());

  const double room = frame.width + border + legend_width;
  write_text(context.get(), picture.title, border, 28, 17, room, true);
  grey(context.get(), 0.35);
  if (!picture.subtitle.empty()) write_text(context.get(), picture.subtitle, border, 47, 12, room, false);
  draw_legend(context.get(), picture, 2 * border + frame.width, top, body);

  // Hidden and beside its final place: a reader never sees half a picture, and the rename stays on one file system.
  const std::filesystem::path final_path(path), part = final_path.parent_path() / fmt::format(".{}.part", final_path.filename().string());
  errno = 0;
  const cairo_status_t status = cairo_surface_write_to_png(surface.get(), part.c_str());
  std::error_code error;
  if (status != CAIRO_STATUS_SUCCESS) {
    // The system's reason says more than cairo's, where there is one.
    const std::string reason = errno != 0 ? std::strerror(errno) : cairo_status_to_string(status);
    std::filesystem::remove(part, error);
    throw SystemError(fmt::format("cannot write {}: {}", path, reason));
  }
  std::filesystem::rename(part, final_path, error);
  if (error) throw SystemError(fmt::format("cannot write {}: {}", path, error.message()));
}

std::pair<double, double> display_range(std::span<const float> values, double low_percent, double high_percent) {
  std::vector<float> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](float value) { return std::isfinite(value); });
  if (finite.empty()) return {0, 1};
  auto at = [&](double percent) {
    const auto place = static_cast<std::ptrdiff_t>(std::lround(percent / 100 * static_cast<double>(finite.size() - 1)));
    std::nth_element(finite.begin(), finite.begin() + place, finite.end());
    return static_cast<double>(finite[static_cast<std::size_t>(place)]);
  };
  const double low = at(low_percent);
  return {low, at(high_percent)};
}

}  // namespace priel::app

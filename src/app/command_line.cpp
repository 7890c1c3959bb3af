// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// The command line: its grammar, its help, and how an error becomes one line and an exit status.
#include "commands.hpp"
#include "option_kinds.hpp"
#include "tell.hpp"

#include <priel/communicator.hpp>
#include <priel/environment.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace priel::app {

namespace {

constexpr int input_status = 2, system_status = 3, bug_status = 70;

// The command that the line asks for; empty if none was given.
using Command = std::function<int()>;

void add_sweep(CLI::App& app, Sweep& k, bool required) {
  auto read = [&k](const std::string& text) { read_sweep(text, k); };
  auto* option = add_read(app, "--k", "K[:LAST[:STEP]]", "Neighbourhood sizes" + std::string(required ? "" : ", 20:60 by default"), read);
  option->required(required);
  add_read(app, "--aggregate", "max|mean|median|trimmed[:F]", "How the scores of all k become one; max by default, trimmed:0.1 drops a tenth at each end",
           [&k](const std::string& text) { read_aggregate(text, k); });
}

void add_norm(CLI::App& app, double& lambda, Norm& norm) {
  app.add_option("--lambda", lambda, "LoOP's significance in standard deviations")->check(positive())->type_name("X")->capture_default_str();
  add_choice<Norm>(app, "--norm", norm, {{"global", Norm::global}, {"local", Norm::local}},
                   "LoOP: normalise over all samples (default) or over the neighbourhood");
}

void add_threshold(CLI::App& app, std::optional<Threshold>& threshold, const std::string& help) {
  add_read(app, "--threshold", "T|pQ|3sigma|3sigma-all", help, [&threshold](const std::string& text) { threshold = read_threshold(text); });
}

void add_data(CLI::App& app, LofOptions& options) {
  app.add_option("INPUT", options.input, "One sample a row: file.h5:/dataset, file.npy or file.csv")->required()->type_name(" ");
  add_sweep(app, options.k, true);
  add_choice<SampleMetric>(app, "--metric", options.metric,
                           {{"euclidean", SampleMetric::euclidean}, {"manhattan", SampleMetric::manhattan},
                            {"chebyshev", SampleMetric::chebyshev}, {"cosine", SampleMetric::cosine}},
                           "Distance of two samples, euclidean by default; a sample of zeros has no direction, and no score with cosine");
  add_threshold(app, options.threshold, "Also mark the samples whose score is above it");
  app.add_option("--output", options.output, "Where the scores go: file.h5:/dataset, file.npy or file.csv; CSV on stdout by default")->type_name("OUT");
}

void add_info(CLI::App& root, Command& command) {
  auto* app = root.add_subcommand("info", "Tell what this build has: MPI, threads, HDF5, GDAL, CUDA");
  auto options = std::make_shared<InfoOptions>();
  app->add_flag("--json", options->json, "As JSON");
  app->footer("Example:\n  priel info --json");
  app->callback([options, &command] { command = [options] { return run_info(*options); }; });
}

void add_outliers(CLI::App& root, Command& command) {
  auto* lof = root.add_subcommand("lof", "Local outlier factors of one data set");
  auto factors = std::make_shared<LofOptions>();
  add_data(*lof, *factors);
  lof->footer("Example:\n  priel lof glass.h5:/X --k 20 --output scores.csv");
  lof->callback([factors, &command] { command = [factors] { return run_lof(*factors); }; });

  auto* loop = root.add_subcommand("loop", "Local outlier probabilities of one data set");
  auto probabilities = std::make_shared<LoopOptions>();
  add_data(*loop, *probabilities);
  add_norm(*loop, probabilities->lambda, probabilities->norm);
  loop->footer("Example:\n  priel loop glass.h5:/X --k 10:30 --lambda 3");
  loop->callback([probabilities, &command] { command = [probabilities] { return run_loop(*probabilities); }; });
}

// The options of what is fitted step by step.
template <class Options>
void add_steps(CLI::App& app, Options& options, const std::string& tolerance) {
  add_at_least(app, "--iterations", options.iterations, 1, "Stop after this many");
  app.add_option("--tolerance", options.tolerance, tolerance)->check(positive(true))->type_name("X")->capture_default_str();
  app.add_flag("--quiet", options.quiet, "No progress, no summary");
}

void add_kmeans(CLI::App& root, Command& command) {
  auto* app = root.add_subcommand("kmeans", "Clusters of the samples of one data set");
  auto options = std::make_shared<KMeansOptions>();
  app->add_option("INPUT", options->input, "One sample a row: file.h5:/dataset, file.npy or file.csv")->required()->type_name(" ");
  app->add_option("--clusters", options->clusters, "Number of clusters")->required()->check(at_least(1))->type_name("N");
  add_choice<FirstCentroids>(*app, "--init", options->first, {{"kmeans++", FirstCentroids::plus_plus}, {"random", FirstCentroids::random}},
                             "The first centroids: samples far from each other (default), or any");
  add_at_least(*app, "--seed", options->seed, 0, "The same seed gives the same clusters, on any number of ranks");
  add_steps(*app, *options, "Converged when the centroids move less, in squares and in terms of the features' mean variance");
  app->add_option("--output", options->output, "Where the labels go: file.h5:/dataset, file.npy or file.csv; CSV on stdout by default")->type_name("OUT");
  app->add_option("--centroids", options->centroids, "Where the centroids go, a row each; by default nowhere")->type_name("OUT");
  app->footer("Examples:\n  priel kmeans iris.h5:/data --clusters 3 --output labels.csv --centroids centroids.csv\n"
              "  mpirun -n 4 priel kmeans pixels.npy --clusters 8 --seed 1 --output labels.npy");
  app->callback([options, &command] { command = [options] { return run_kmeans(*options); }; });
}

void add_lasso(CLI::App& root, Command& command) {
  auto* app = root.add_subcommand("lasso", "A sparse linear model of one data set: minimises |y - Xw|^2/(2n) + lambda |w|_1");
  auto options = std::make_shared<LassoOptions>();
  app->add_option("X", options->samples, "One sample a row: file.h5:/dataset, file.npy or file.csv")->required()->type_name(" ");
  app->add_option("Y", options->target, "What to model, one value a row: a file as X")->required()->type_name(" ");
  add_read(*app, "--lambda", "X[,X...]", "The weight of the coefficients' absolute values; for several a column of coefficients each",
           [options](const std::string& text) { options->lambdas = read_lambdas(text); })->required();
  add_choice<Bias>(*app, "--intercept", options->intercept, {{"add", Bias::add}, {"column0", Bias::column0}, {"none", Bias::none}},
                   "Add a constant, which is not penalised, or take the first column for it; by default column0 if that is constant, else add");
  add_steps(*app, *options, "Converged when the duality gap is less, in terms of y's mean square");
  app->add_option("--output", options->output, "Where the coefficients go, the intercept first: file.h5:/dataset, file.npy or file.csv; CSV on stdout by default")
      ->type_name("OUT");
  app->footer("Examples:\n  priel lasso diabetes.h5:/x diabetes.h5:/y --lambda 0.1\n"
              "  mpirun -n 4 priel lasso weather.csv counts.csv --lambda 1,0.1,0.01 --output coefficients.csv");
  app->callback([options, &command] { command = [options] { return run_lasso(*options); }; });
}

void add_synth(CLI::App& coast, Command& command) {
  auto* app = coast.add_subcommand("synth", "Make a scene of a coast, with the truth beside it");
  auto options = std::make_shared<SynthOptions>();
  auto extent = [&](const char* name, std::int64_t& value, std::int64_t least, const char* help) {
    add_at_least(*app, name, value, least, help);
  };
  app->add_option("--output", options->output, "The HDF5 file to write")->required()->type_name("FILE");
  extent("--dates", options->dates, 24, "Number of images");
  extent("--height", options->height, 48, "Rows");
  extent("--width", options->width, 48, "Columns");
  add_at_least(*app, "--seed", options->seed, 0, "The same seed gives the same scene, on any number of ranks");
  extent("--storms", options->storms, 0, "Number of storms");
  app->add_option("--shoreline", options->shoreline, "GeoJSON with the lines of a real coast, land to their left; by default the seed makes one")->type_name("FILE");
  app->add_option("--examine", options->examine, "Put exactly this many pixels into the mask, those nearest to the shoreline; by default all within 4")
      ->check(at_least(1))->type_name("N");
  add_read(*app, "--chunk", "DATESxROWSxCOLUMNS", "How the images are stored: 1x256x256 in tiles, 363x16x16 for reading pixels; by default 50 rows of one date",
           [options](const std::string& text) { options->chunk = read_chunk(text); });
  app->add_flag_callback("--no-events", [options] { options->events = false; }, "No storm, no artefact, no erosion: only what a coast always does");
  app->add_flag("--overwrite", options->overwrite, "Replace the file if it exists");
  app->add_flag("--quiet", options->quiet, "Say nothing");
  app->footer("Example:\n  priel coast synth --output scene.h5 --dates 120 --seed 1\n"
              "  priel coast synth --output bight.h5 --shoreline bight.geojson --height 3000 --width 2500 --examine 504501 --chunk 1x256x256");
  app->callback([options, &command] { command = [options] { return run_synth(*options); }; });
}

void add_detect(CLI::App& coast, Command& command, const std::vector<std::string>& words) {
  auto* app = coast.add_subcommand("detect", "Find anomalies in a stack of images along a coast");
  auto shared = std::make_shared<DetectOptions>();
  DetectOptions& options = *shared;
  options.command = words;
  app->add_option("STACK", options.stack, "Images (T, H, W): file.h5:/dataset, a GeoTIFF file of several bands, or a folder or quoted pattern ('images/*_VV.tif') of "
                  "GeoTIFF files of one date each")->required()->type_name(" ");
  app->add_option("--mask", options.mask, "Pixels to examine (H, W), those that are not zero: file.h5:/dataset or a GeoTIFF file")->required()->type_name("MASK");
  app->add_option("--output", options.output, "The folder to make")->required()->type_name("FOLDER");
  add_choice<Method>(*app, "--method", options.method, {{"lof", Method::lof}, {"loop", Method::loop}, {"both", Method::both}}, "lof by default");
  add_sweep(*app, options.k, false);
  add_read(*app, "--patch", "ODD", "Width of the square window around a pixel, 7 by default", [&options](const std::string& text) {
    if (!CLI::detail::lexical_cast(text, options.patch) || options.patch < 1 || options.patch % 2 == 0)
      throw InputError(fmt::format("--patch {}: expected an odd number", text));
  });
  app->add_option("--margin", options.margin, "Leave out pixels nearer than this to an edge; at least and by default (patch - 1)/2")
      ->check(at_least(0))->type_name("N");
  add_threshold(*app, options.threshold, "A date is anomalous above it; 1.5 for lof and 0.9 for loop by default");
  add_norm(*app, options.lambda, options.norm);
  app->add_option("--min-valid", options.min_valid, "Fewer valid dates than this: no score; largest k + 1 by default")->check(at_least(1))->type_name("N");
  add_choice<Transform>(*app, "--transform", options.transform, {{"none", Transform::none}, {"db", Transform::db}},
                        "db scores 10 log10(max(x, 1e-6)); none by default");
  add_read(*app, "--dates", "A..B", "Only the dates from A to B, such as 2017-01-01..2018-12-31",
           [&options](const std::string& text) { options.dates = read_date_range(text); });
  app->add_option("--threads", options.threads, "Threads of each rank")->check(at_least(1))->type_name("N");
  add_read(*app, "--memory", "SIZE", "Hard bound on the memory of all ranks of a machine together, such as 8G; 4G by default, more for many ranks",
           [&options](const std::string& text) { options.memory = read_bytes(text); });
  add_choice<Device>(*app, "--device", options.device, {{"auto", Device::automatic}, {"cpu", Device::cpu}, {"gpu", Device::gpu}},
                     "What computes; auto, which is the processors, by default");
  app->add_flag("--score-maps", options.score_maps, "Also a map of scores for each date, as GeoTIFF");
  app->add_flag("--resume", options.resume, "Go on with a run of that name that ended early, if there is one");
  app->add_flag("--overwrite", options.overwrite, "Replace an earlier result of that name, or drop an unfinished one");
  app->add_flag("--dry-run", options.dry_run, "Print the plan and stop");
  app->add_flag("--quiet", options.quiet, "No plan, no progress, no summary");
  add_choice<LogFormat>(*app, "--log-format", options.log_format, {{"text", LogFormat::text}, {"json", LogFormat::json}},
                        "What stderr and run.log hold: lines of text (default), or a JSON object a line");
  app->footer("Examples:\n  priel coast detect scene.h5:/sigma0 --mask scene.h5:/mask --transform db --output result\n"
              "  mpirun -n 2 priel coast detect scene.h5:/sigma0 --mask scene.h5:/mask --memory 8G --score-maps --output result\n"
              "  priel coast detect scene.h5:/sigma0 --mask scene.h5:/mask --output result --resume     (after a kill)");
  app->callback([shared, &command] {
    const bool constant = shared->threshold && shared->threshold->kind == Threshold::Kind::constant;
    if (shared->method == Method::both && constant)
      throw InputError("--threshold " + to_text(*shared->threshold) + " with --method both: one constant does not suit both scores; use pQ, 3sigma, or one method");
    command = [shared] { return run_detect(*shared); };
  });
}

// Prints on rank 0 and gives the status on every rank once the text is out. If the ranks do not meet, because not all of them got
// here, each prints for itself after ten seconds and ends the job: nobody waits for ever.
int end_with(const std::string& text, int status) {
  const Comm comm = world();
  if (comm->rank() == 0) {
    tell(fmt::format("priel: {}\n", text));
    std::fflush(stderr);
  }
  std::atomic<bool> met = false;
  std::thread watch([&, rank = comm->rank()] {
    for (int tenth = 0; tenth < 100 && !met; ++tenth) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (met) return;
    if (rank != 0) tell(fmt::format("priel: [rank {}] {}\n", rank, text));
    std::fflush(stderr);
    abort_job(status);
  });
  comm->barrier();
  met = true;
  watch.join();
  return status;
}

// One line: CLI11's texts may have more, and the rest is in --help.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// "--k: given more than once": CLI11 says how many texts it got, and how many it wants.
std::string mismatch_line(const std::string& said) {
  const std::string option = said.substr(0, said.find(':'));
  constexpr std::string_view before = " required ", after = " missing";
  const auto shape = said.find(before);
  if (said.ends_with(after) && shape != std::string::npos)
    return fmt::format("{}: expected {} after it, found nothing", option,
                       said.substr(shape + before.size(), said.size() - after.size() - shape - before.size()));
  return said.find("At Most") != std::string::npos ? option + ": given more than once; expected one" : first_line(said);
}

int parse_and_run(int argc, const char* const* argv) {
  CLI::App root("priel finds anomalies in years of SAR images of a coast, and in tables outliers, clusters and sparse models.", "priel");
  root.footer("Examples:\n  priel coast detect scene.h5:/sigma0 --mask scene.h5:/mask --output result\n"
              "  priel lof glass.csv --k 20\n  priel kmeans iris.csv --clusters 3\n  mpirun -n 4 priel lasso weather.csv level.csv --lambda 0.05\n"
              "priel COMMAND --help tells more. Runs alone or under mpirun.");
  root.set_version_flag("--version", program_version());
  root.require_subcommand(1);
  root.get_formatter()->column_width(34);
  Command command;
  add_info(root, command);
  add_outliers(root, command);
  add_kmeans(root, command);
  add_lasso(root, command);
  auto* coast = root.add_subcommand("coast", "Images of a coast");
  coast->require_subcommand(1);
  coast->footer("Example:\n  priel coast detect --help");
  add_synth(*coast, command);
  add_detect(*coast, command, {argv, argv + argc});

  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    if (world()->rank() == 0) root.exit(wanted);
    return 0;
  } catch (const CLI::RequiredError& error) {
    // CLI11 misses a subcommand before it notices that a word is none.
    const bool nothing = root.get_subcommands().empty() || (root.got_subcommand(coast) && coast->get_subcommands().empty());
    if (!nothing) return end_with(first_line(error.what()), input_status);
    const std::vector<std::string> words = root.remaining(true);
    return end_with((words.empty() ? "no command given" : words.front() + " is no command") + std::string("; --help lists them"), input_status);
  } catch (const CLI::ArgumentMismatch& error) {
    return end_with(mismatch_line(error.what()), input_status);
  } catch (const CLI::ParseError& error) {
    return end_with(first_line(error.what()), input_status);
  }
  return command();
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const InputError& error) {
    return end_with(first_line(error.what()), input_status);
  } catch (const SystemError& error) {
    return end_with(first_line(error.what()), system_status);
  } catch (const AgreedError& error) {
    return end_with(error.what(), bug_status);
  } catch (const std::exception& error) {
    tell(fmt::format("priel: [rank {}] {}\n", world()->rank(), error.what()));
    std::fflush(stderr);
    if (world()->size() == 1) return bug_status;
    abort_job(bug_status);
  }
}

}  // namespace priel::app

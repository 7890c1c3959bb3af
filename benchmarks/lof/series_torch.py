#!/usr/bin/env python3
# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0
"""LOF and LoOP of many series in PyTorch, in three forms; alone, in series per second, as rows of device_series' table.

by hand      batched; the neighbours are found once for all k; distances without the product form, as priel's are
vmap, once   one series' scores written plainly and mapped; the neighbours are found once
vmap, each   the paper's form: one series and one k written plainly and mapped; distances and neighbours again for every k

On CUDA where there is a card, else on the CPU. PyTorch's neighbourhoods have exactly k members, also where distances tie. --check compares
with the definitions.
"""

import argparse
import functools
import statistics
import time

import torch

WORKLOADS = {"W1": (363, 49, 20, 60), "W2": (300, 20, 10, 30)}
LAMBDA = 3


def batched_neighbours(x, k):
    """x (N, T, d) -> distances and indices (N, T, k), nearest first."""
    distance = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist")
    distance.diagonal(dim1=1, dim2=2).fill_(torch.inf)
    return distance.topk(k, dim=2, largest=False, sorted=True)


def gathered(values, index):
    """values (N, T) at index (N, T, k)."""
    return values.gather(1, index.flatten(1)).view(index.shape)


def lof_by_hand(x, first, last):
    distance, index = batched_neighbours(x, last)
    scores = None
    for k in range(first, last + 1):
        near, who = distance[..., :k], index[..., :k]
        density = 1 / torch.maximum(gathered(near[..., -1], who), near).mean(2)
        score = gathered(density, who).mean(2) / density
        scores = score if scores is None else torch.maximum(scores, score)
    return scores


def loop_by_hand(x, first, last):
    distance, index = batched_neighbours(x, last)
    squares = distance.square().cumsum(2)
    ratios = None
    for k in range(first, last + 1):
        sigma = (squares[..., k - 1] / k).sqrt()
        plof = sigma / gathered(sigma, index[..., :k]).mean(2) - 1
        ratio = plof / (LAMBDA * plof.square().mean(1, keepdim=True).sqrt() * 2**0.5)
        ratios = ratio if ratios is None else torch.maximum(ratios, ratio)
    return torch.erf(ratios).clamp(min=0)   # erf is monotone


def neighbours(x, k):
    """One series x (T, d) -> distances and indices (T, k), nearest first; the distances by whatever PyTorch holds best."""
    distance = torch.cdist(x, x)
    itself = torch.eye(len(x), dtype=torch.bool, device=x.device)
    return distance.masked_fill(itself, torch.inf).topk(k, dim=1, largest=False, sorted=True)


def lof_of(distance, index, k):
    near, who = distance[:, :k], index[:, :k]
    reach = torch.maximum(near[:, -1][who], near)
    density = 1 / reach.mean(1)
    return density[who].mean(1) / density


def loop_of(distance, index, k):
    near, who = distance[:, :k], index[:, :k]
    sigma = near.square().mean(1).sqrt()
    plof = sigma / sigma[who].mean(1) - 1
    return torch.erf(plof / (LAMBDA * plof.square().mean().sqrt() * 2**0.5)).clamp(min=0)


def mapped_once(score, x, first, last):
    def one(series):
        distance, index = neighbours(series, last)
        return torch.stack([score(distance, index, k) for k in range(first, last + 1)]).amax(0)
    return torch.vmap(one)(x)


def mapped_each(score, x, first, last):
    def one(series, k):
        return score(*neighbours(series, k), k)
    return torch.stack([torch.vmap(functools.partial(one, k=k))(x) for k in range(first, last + 1)]).amax(0)


FORMS = {
    "by hand": {"LOF": lof_by_hand, "LoOP": loop_by_hand},
    "vmap, once": {"LOF": functools.partial(mapped_once, lof_of), "LoOP": functools.partial(mapped_once, loop_of)},
    "vmap, each": {"LOF": functools.partial(mapped_each, lof_of), "LoOP": functools.partial(mapped_each, loop_of)},
}


def speckle(series, samples, features, device):
    torch.manual_seed(1)
    looks = torch.tensor(4.4, device=device)
    gamma = torch.distributions.Gamma(looks, looks).sample((series, samples, features))
    return 10 * torch.log10(gamma.clamp(min=1e-6)) - 15


def series_per_second(method, x, batch, first, last):
    start = time.perf_counter()
    scores = torch.cat([method(part, first, last) for part in x.split(batch)])
    scores[-1, -1].item()   # on a GPU, there when all is done
    return len(x) / (time.perf_counter() - start)


def check():
    """Every form on two small series against plain loops of the definitions."""
    x, k = speckle(2, 30, 3, "cpu").double(), 5
    mean = lambda values: sum(values) / len(values)
    for series in range(2):
        points = x[series]
        distance = [[float((a - b).norm()) for b in points] for a in points]
        near = [sorted(range(30), key=lambda j: distance[i][j] if j != i else -1)[1:k + 1] for i in range(30)]
        density = [1 / mean([max(distance[y][near[y][-1]], distance[i][y]) for y in near[i]]) for i in range(30)]
        sigma = [mean([distance[i][y] ** 2 for y in near[i]]) ** 0.5 for i in range(30)]
        plof = [sigma[i] / mean([sigma[y] for y in near[i]]) - 1 for i in range(30)]
        scale = LAMBDA * mean([p * p for p in plof]) ** 0.5 * 2**0.5
        expected = {
            "LOF": [mean([density[y] for y in near[i]]) / density[i] for i in range(30)],
            "LoOP": [max(0.0, float(torch.erf(torch.tensor(p / scale, dtype=torch.float64)))) for p in plof],
        }
        for form, methods in FORMS.items():
            for name, method in methods.items():
                scores = method(x, k, k)[series]
                assert torch.allclose(scores, torch.tensor(expected[name], dtype=torch.float64), atol=1e-6), (form, name)
                several = torch.stack([method(x, one, one)[series] for one in (k - 1, k)]).amax(0)
                assert torch.allclose(method(x, k - 1, k)[series], several, atol=1e-6), (form, name, "two k")
    print("as defined")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--series", type=int, default=4096 if device == "cuda" else 64)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--batch", type=int, default=512 if device == "cuda" else 8, help="series at a time")
    parser.add_argument("--form", choices=FORMS, default="by hand")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.check:
        return check()
    for name, (samples, features, first, last) in WORKLOADS.items():
        x = speckle(arguments.series, samples, features, device)
        rates = {method: [] for method in FORMS[arguments.form]}
        for round_ in range(-1, arguments.rounds):   # the first warms up
            for method, values in rates.items():
                rate = series_per_second(FORMS[arguments.form][method], x, arguments.batch, first, last)
                if round_ >= 0:
                    values.append(rate)
        for method, values in rates.items():
            low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
            print(f"| {name} | {method} | PyTorch {torch.__version__} on {device.upper()}, {arguments.form} | {middle:.4g} ({low:.4g}–{high:.4g}) | "
                  f"{arguments.rounds} rounds of {arguments.series} |")


if __name__ == "__main__":
    main()

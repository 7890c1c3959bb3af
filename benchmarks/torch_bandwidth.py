# SPDX-FileCopyrightText: The priel authors
# SPDX-License-Identifier: Apache-2.0

"""The fused expression and the statistics of cuda_bandwidth in PyTorch, on the same card, with its copy rate beside."""

import statistics
import time

import torch


def rates(works, rounds=21):
    """Median GB/s of each (bytes, function), the runs interleaved."""
    found = {name: [] for name in works}
    for number in range(rounds + 2):
        for name, (size, run) in works.items():
            torch.cuda.synchronize()
            start = time.perf_counter()
            run()
            torch.cuda.synchronize()
            if number >= 2:
                found[name].append(size / (time.perf_counter() - start) / 1e9)
    return {name: statistics.median(values) for name, values in found.items()}


def main():
    if not torch.cuda.is_available():
        print("PyTorch sees no GPU.")
        return
    n = 1 << 26
    a = torch.sin(torch.arange(n, dtype=torch.float32, device="cuda"))
    b, c, y = 2 * a, 3 * a, torch.empty_like(a)
    x = a.reshape(8192, 8192)

    def fused(a, b, c):
        return torch.sqrt(a * a + b * b) * 0.5 + c

    works = {
        "copy_": (8 * n, lambda: y.copy_(a)),
        "sqrt(a*a + b*b)*0.5 + c": (16 * n, lambda: fused(a, b, c)),
        "mean and std": (4 * n, lambda: x.mean().item() + x.std(correction=0).item()),
        "mean and std, axis 0": (4 * n, lambda: x.mean(0) + x.std(0, correction=0)),
        "mean and std, axis 1": (4 * n, lambda: x.mean(1) + x.std(1, correction=0)),
    }
    try:
        compiled = torch.compile(fused)
        compiled(a, b, c)
        works["the same, torch.compile"] = (16 * n, lambda: compiled(a, b, c))
    except Exception as error:  # it needs a compiler and Triton, which may be missing
        print(f"torch.compile: {type(error).__name__}")
    found = rates(works)
    for name, rate in found.items():
        print(f"PyTorch {name:<30} {rate:8.0f} GB/s {rate / found['copy_']:8.2f} of its copy")


if __name__ == "__main__":
    main()

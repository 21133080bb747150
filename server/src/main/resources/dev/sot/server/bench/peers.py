"""Solves transport problems with Python Optimal Transport and SciPy and measures itself.

Reads one request a line from standard input and answers each with a line of JSON; Solver.java
drives it and explains the requests. Methods are "emd2" (Python Optimal Transport) and "assignment"
(SciPy, for equal weights).

Ground costs are part of what is measured: |x|^2 + |y|^2 - 2 x.y with one matrix product in double
precision, which is faster than ot.dist. Norms and conversions are prepared when a file is opened.
"""

import json
import struct
import sys
import time
import warnings

try:
    import numpy as np
    import ot
    import scipy
    from scipy.optimize import linear_sum_assignment
except ImportError as e:
    print(json.dumps({"missing": str(e)}), flush=True)
    sys.exit()

warnings.simplefilter("ignore")


def read_clouds(path):
    """Weights and points of each cloud in a file of the format OTB1 (PointClouds.java)."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"OTB1":
        raise ValueError(f"{path} does not hold point clouds of the format OTB1")
    _, count, dimension = struct.unpack_from("<iii", data, 4)
    at = 16
    clouds = []
    for _ in range(count):
        (size,) = struct.unpack_from("<i", data, at)
        weights = np.frombuffer(data, "<f8", size, at + 4).copy()
        at += 4 + 8 * size
        points = np.frombuffer(data, "<f4", size * dimension, at).reshape(size, dimension)
        at += 4 * size * dimension
        clouds.append((weights, points.astype(np.float64)))
    return clouds


class Worker:
    def open(self, request):
        clouds = read_clouds(request["file"])
        self.order = request["order"]
        self.weights = [weights for weights, _ in clouds]
        self.points = [points for _, points in clouds]
        self.squares = [(points * points).sum(1) for points in self.points]
        return {"cpuSeconds": 0, "wallSeconds": 0, "values": []}

    def costs(self, i, j):
        costs = self.points[i] @ self.points[j].T
        costs *= -2
        costs += self.squares[i][:, None]
        costs += self.squares[j][None, :]
        np.maximum(costs, 0, out=costs)
        if self.order == 1:
            np.sqrt(costs, out=costs)
        return costs

    def emd2(self, i, j):
        return ot.emd2(self.weights[i], self.weights[j], self.costs(i, j), numItermax=10**8)

    def assignment(self, i, j):
        costs = self.costs(i, j)
        return costs[linear_sum_assignment(costs)].mean()

    def solve(self, request):
        flat = request["pairs"]
        pairs = list(zip(flat[::2], flat[1::2]))
        method = {"emd2": self.emd2, "assignment": self.assignment}[request["method"]]
        wall = time.perf_counter()
        cpu = time.process_time()
        for _ in range(request["repeats"]):
            values = [method(i, j) for i, j in pairs]
        return {
            "cpuSeconds": time.process_time() - cpu,
            "wallSeconds": time.perf_counter() - wall,
            "values": [float(value) for value in values],
        }


def main():
    engine = f"POT {ot.__version__}, SciPy {scipy.__version__}, NumPy {np.__version__}"
    print(json.dumps({"engine": engine}), flush=True)
    worker = Worker()
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"OPEN": worker.open, "SOLVE": worker.solve}[request["kind"]](request)
        print(json.dumps(answer), flush=True)


main()

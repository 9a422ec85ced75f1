#!/usr/bin/env python3
"""Prints the reference values of these tests. Needs numpy and scipy: Debian's python3-scipy."""
import numpy as np
from scipy.stats import qmc
from scipy.stats import multivariate_normal
from scipy.special import kv, gamma

points = qmc.Sobol(40, scramble=False).random(128)
for i in list(range(8)) + [100]:
    print("Sobol", i, [float(points[i][d]) for d in (0, 1, 2, 9, 24, 39)])


def matern(r, nu=2.5):
    """Rasmussen and Williams 2006, equation 4.14: by the Bessel function, not the closed form."""
    return 2 ** (1 - nu) / gamma(nu) * (np.sqrt(2 * nu) * r) ** nu * kv(nu, np.sqrt(2 * nu) * r)


for r in (0.1, 0.5, 1.0, 2.5):
    print("Matern52", r, matern(r))

# A Gaussian process on five points of a line: posterior and log marginal likelihood, with one reading that is only a bound.
x = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
r = np.abs(x[:, None] - x[None, :]) / 0.7
K = 0.8**2 * np.where(r > 0, matern(np.where(r > 0, r, 1)), 1) + 1.0
noise = 0.1
I = [0, 2]
y = np.array([0.9, -0.2])
m = 0.4
C = K[np.ix_(I, I)] + noise**2 * np.eye(2)
print("log evidence", multivariate_normal(np.full(2, m), C).logpdf(y))
print("posterior mean", m + K[:, I] @ np.linalg.solve(C, y - m))
print("posterior deviation", np.sqrt(np.diag(K - K[:, I] @ np.linalg.solve(C, K[I, :]))))

# The bounds: y_0 = 0.9 exactly, y_2 <= 0, y_4 >= 0.5, by numerical integration over the conditional normal.
J = [0, 2, 4]
C = K[np.ix_(J, J)] + noise**2 * np.eye(3)
mean = m + C[1:, 0] / C[0, 0] * (0.9 - m)
cov = C[1:, 1:] - np.outer(C[1:, 0], C[0, 1:]) / C[0, 0]
g = np.linspace(-9, 9, 3601)
A, B = np.meshgrid(g, g, indexing="ij")
p = multivariate_normal(mean, cov).pdf(np.dstack([A, B])) * (A <= 0) * (B >= 0.5)
h = g[1] - g[0]
mass = p.sum() * h * h
print("log evidence with bounds", multivariate_normal([m], C[:1, :1]).logpdf(0.9) + np.log(mass))
EY = np.array([0.9, (p * A).sum() * h * h / mass, (p * B).sum() * h * h / mass])
print("posterior mean with bounds", m + K[:, J] @ np.linalg.solve(C, EY - m))

# A warped reading: the density of the measured value z_0 = 2.5 beside z_2 = -0.2, where z = s (exp(y / s) - 1) above zero, y
# is the Gaussian process with noise, and the noise is that of z (0.1) seen through the warping at z. By differences of the
# distribution function of y instead of the derivative of the warping.
s, z = 0.5, 2.5
W = lambda v: s * np.log(1 + v / s)
slope = (W(z + 1e-6) - W(z - 1e-6)) / 2e-6
C = K[np.ix_(I, I)] + np.diag([(noise * slope) ** 2, noise**2])
given = C[0, 1] / C[1, 1]
from scipy.stats import norm

centre, spread = m + given * (-0.2 - m), np.sqrt(C[0, 0] - given * C[0, 1])
d = 1e-5
density = (norm.cdf(W(z + d), centre, spread) - norm.cdf(W(z - d), centre, spread)) / (2 * d)
print("log evidence of a warped reading", np.log(density) + norm(m, np.sqrt(C[1, 1])).logpdf(-0.2))

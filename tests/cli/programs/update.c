/* One update of the example's network, right or with a mistake; prints CSV. Usage: as update.py. */
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N = 4, D = 2, H = 2, KMAX = 3 };
static const char *name;
static int K = 3;
static double x[N][D] = {{1, 0}, {0, 1}, {1, 1}, {2, 1}};
static int labels[N] = {0, 1, 2, 1};
static double w1[D][H] = {{1, -1}, {-0.5, 2}}, b1[H] = {-1, 1};
static double w2[H][KMAX] = {{1, 2, -1}, {-1, 2, 1}}, b2[KMAX] = {1, 0, 0};
static double v1[D][H] = {{0.1, -0.1}, {0.2, 0.3}}, vb1[H] = {0.1, -0.2};
static double v2[H][KMAX] = {{0.1, 0.2, -0.3}, {-0.1, 0.3, -0.2}}, vb2[KMAX] = {0.2, -0.1, -0.1};

static int is(const char *other) { return strcmp(name, other) == 0; }

/* Softmax of n numbers that stand `stride` apart. */
static void softmax(double *z, int n, int stride) {
    double most = z[0], sum = 0;
    for (int k = 0; k < n; k++) if (z[k * stride] > most) most = z[k * stride];
    for (int k = 0; k < n; k++) sum += z[k * stride] = exp(z[k * stride] - most);
    for (int k = 0; k < n; k++) z[k * stride] /= sum;
}

static void print(const char *field, const double *m, int rows, int columns, int width) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) printf("%s,%d,%d,%.17g\n", field, i, j, m[i * width + j]);
}

static void print_turned(const char *field, const double *m, int rows, int columns, int width) {
    for (int j = 0; j < columns; j++)
        for (int i = 0; i < rows; i++) printf("%s,%d,%d,%.17g\n", field, j, i, m[i * width + j]);
}

/* Moves n_in x n_out weights and their biases. */
static void step(double *w, double *b, double *v, double *vb, const double *in, int n_in, int in_width, const double *d,
                 int n_out, int width, double sign) {
    double rate = 0.1, keep = is("forgetful-momentum") ? 0 : 0.9;
    for (int j = 0; j < n_out; j++) {
        double gb = 0;
        for (int n = 0; n < N; n++) gb += d[n * width + j];
        b[j] += sign * rate * (keep * vb[j] + gb);
        for (int i = 0; i < n_in; i++) {
            double g = 0;
            for (int n = 0; n < N; n++) g += in[n * in_width + i] * d[n * width + j];
            w[i * width + j] += sign * rate * (keep * v[i * width + j] + g);
        }
    }
}

int main(int argc, char **argv) {
    name = argc > 1 ? argv[1] : "none";
    double y[N][KMAX] = {{0}}, h[N][H], z[N][KMAX] = {{0}}, p[N][KMAX] = {{0}}, d2[N][KMAX] = {{0}}, d1[N][H], loss = 0;
    int single = is("single-output-softmax");
    if (single) {
        K = 1;
        memset(v1, 0, sizeof v1), memset(vb1, 0, sizeof vb1), memset(v2, 0, sizeof v2), memset(vb2, 0, sizeof vb2);
    }
    printf("name,row,column,value\n");
    if (single || is("transposed")) {
        print("b1", b1, 1, H, H), print("b2", b2, 1, K, KMAX);
        if (single) print("w1", &w1[0][0], D, H, H), print("w2", &w2[0][0], H, K, KMAX);
        else {
            print_turned("w1", &w1[0][0], D, H, H), print_turned("w2", &w2[0][0], H, K, KMAX);
            print_turned("v1_before", &v1[0][0], D, H, H), print_turned("v2_before", &v2[0][0], H, K, KMAX);
            print("hidden_biases_velocity_before", vb1, 1, H, H), print("output_biases_velocity_before", vb2, 1, K, KMAX);
        }
    }
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) {
            int label = labels[is("targets-in-wrong-order") ? N - 1 - n : n];
            y[n][k] = single ? label == 1 : is("not-one-hot") ? label : label == k;
        }
    for (int n = 0; n < N; n++) {
        for (int j = 0; j < H; j++) {
            double a = b1[j];
            for (int i = 0; i < D; i++) a += x[n][i] * w1[i][j];
            h[n][j] = is("hidden-softmax") ? a : 1 / (1 + exp(-a));
        }
        if (is("hidden-softmax")) softmax(h[n], H, 1);
        for (int k = 0; k < K; k++) {
            z[n][k] = b2[k];
            for (int j = 0; j < H; j++) z[n][k] += h[n][j] * w2[j][k];
            p[n][k] = z[n][k];
        }
        if (!is("batch-softmax")) softmax(p[n], K, 1);
        if (is("double-softmax")) softmax(p[n], K, 1);
    }
    if (is("batch-softmax")) for (int k = 0; k < K; k++) softmax(&p[0][k], N, KMAX);
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) {
            double e = p[n][k] - y[n][k];
            loss += is("squared-error") ? e * e / 2 : -y[n][k] * log(p[n][k]);
        }
    if (!is("sums")) loss /= N;
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) {
            double d = p[n][k] - y[n][k];
            if (is("diagonal-jacobian")) d *= p[n][k] * (1 - p[n][k]);
            if (is("jacobian-twice") || is("squared-error")) {
                d = 0;
                for (int j = 0; j < K; j++) d += p[n][k] * ((j == k) - p[n][j]) * (p[n][j] - y[n][j]);
            }
            if (!is("missing-division") && !is("sums")) d /= N;
            d2[n][k] = is("negative") ? -d : d;
        }
    double sign = is("wrong-sign") || is("negative") ? 1 : -1;
    if (is("negative")) {
        for (int i = 0; i < D * H; i++) (&v1[0][0])[i] *= -1;
        for (int i = 0; i < H * KMAX; i++) (&v2[0][0])[i] *= -1;
        for (int j = 0; j < H; j++) vb1[j] *= -1;
        for (int k = 0; k < K; k++) vb2[k] *= -1;
    }
    double old[H][KMAX];
    memcpy(old, w2, sizeof old);
    step(&w2[0][0], b2, &v2[0][0], vb2, &h[0][0], H, H, &d2[0][0], K, KMAX, sign);
    for (int n = 0; n < N; n++)
        for (int j = 0; j < H; j++) {
            double back = 0;
            for (int k = 0; k < K; k++) back += (is("late-deltas") ? w2 : old)[j][k] * d2[n][k];
            d1[n][j] = back * h[n][j] * (1 - h[n][j]);
        }
    step(&w1[0][0], b1, &v1[0][0], vb1, &x[0][0], D, D, &d1[0][0], H, H, sign);
    if (single) print("targets", &y[0][0], N, K, KMAX);
    print("hidden_outputs", &h[0][0], N, H, H);
    print("probabilities", &p[0][0], N, K, KMAX);
    printf("loss,,,%.17g\n", loss);
    print("output_deltas", &d2[0][0], N, K, KMAX);
    print("hidden_deltas", &d1[0][0], N, H, H);
    (is("transposed") ? print_turned : print)("w1_after", &w1[0][0], D, H, H);
    (is("transposed") ? print_turned : print)("w2_after", &w2[0][0], H, K, KMAX);
    print("b1_after", b1, 1, H, H);
    print("b2_after", b2, 1, K, KMAX);
    return 0;
}

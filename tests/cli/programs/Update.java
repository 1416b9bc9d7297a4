/** One update of the example's network, right or with a mistake; prints JSON. Usage: as update.py. */
public class Update {
    static String name;

    static boolean is(String other) { return name.equals(other); }

    static double[] softmax(double[] z) {
        double most = z[0], sum = 0;
        for (double a : z) most = Math.max(most, a);
        double[] p = new double[z.length];
        for (int k = 0; k < z.length; k++) sum += p[k] = Math.exp(z[k] - most);
        for (int k = 0; k < z.length; k++) p[k] /= sum;
        return p;
    }

    static double[][] turned(double[][] m) {
        double[][] t = new double[m[0].length][m.length];
        for (int i = 0; i < m.length; i++) for (int j = 0; j < m[0].length; j++) t[j][i] = m[i][j];
        return t;
    }

    static void scale(double[][] m, double factor) {
        for (double[] row : m) for (int j = 0; j < row.length; j++) row[j] *= factor;
    }

    /** Rows of weights, and a last row of biases, move by the inputs with a 1 behind them and the deltas. */
    static double[][] step(double[][] w, double[][] v, double[][] in, double[][] d, double sign) {
        double rate = 0.1, keep = is("forgetful-momentum") ? 0 : 0.9;
        double[][] after = new double[w.length][w[0].length];
        for (int i = 0; i < w.length; i++)
            for (int j = 0; j < w[0].length; j++) {
                double g = 0;
                for (int n = 0; n < in.length; n++) g += (i < in[n].length ? in[n][i] : 1) * d[n][j];
                after[i][j] = w[i][j] + sign * rate * (keep * v[i][j] + g);
            }
        return after;
    }

    static double[][] sums(double[][] in, double[][] w) {
        double[][] a = new double[in.length][w[0].length];
        for (int n = 0; n < in.length; n++)
            for (int j = 0; j < w[0].length; j++)
                for (int i = 0; i < w.length; i++) a[n][j] += (i < in[n].length ? in[n][i] : 1) * w[i][j];
        return a;
    }

    static String comma = "{";

    static void print(String field, double[][] m) {
        System.out.print(comma + "\"" + field + "\": " + java.util.Arrays.deepToString(m));
        comma = ", ";
    }

    static double[][] weights(double[][] w) { return java.util.Arrays.copyOf(w, w.length - 1); }

    static double[][] biases(double[][] w) { return new double[][] {w[w.length - 1]}; }

    public static void main(String[] args) {
        name = args[0];
        boolean single = is("single-output-softmax");
        double[][] x = {{1, 0}, {0, 1}, {1, 1}, {2, 1}};
        int[] labels = {0, 1, 2, 1};
        double[][] w1 = {{1, -1}, {-0.5, 2}, {-1, 1}}, v1 = {{0.1, -0.1}, {0.2, 0.3}, {0.1, -0.2}};
        double[][] w2 = {{1, 2, -1}, {-1, 2, 1}, {1, 0, 0}}, v2 = {{0.1, 0.2, -0.3}, {-0.1, 0.3, -0.2}, {0.2, -0.1, -0.1}};
        if (single) {
            w2 = new double[][] {{1}, {-1}, {1}};
            v2 = new double[3][1];
            v1 = new double[3][2];
        }
        int n_rows = 4, k_out = w2[0].length;
        double[][] y = new double[n_rows][k_out];
        for (int n = 0; n < n_rows; n++)
            for (int k = 0; k < k_out; k++) {
                int label = labels[is("targets-in-wrong-order") ? n_rows - 1 - n : n];
                y[n][k] = is("not-one-hot") ? label : label == (single ? 1 : k) ? 1 : 0;
            }
        double[][] h = sums(x, w1);
        for (int n = 0; n < n_rows; n++) {
            if (is("hidden-softmax")) h[n] = softmax(h[n]);
            else for (int j = 0; j < 2; j++) h[n][j] = 1 / (1 + Math.exp(-h[n][j]));
        }
        double[][] z = sums(h, w2), p = new double[n_rows][];
        for (int n = 0; n < n_rows; n++) p[n] = softmax(z[n]);
        if (is("batch-softmax")) {
            p = turned(z);
            for (int k = 0; k < k_out; k++) p[k] = softmax(p[k]);
            p = turned(p);
        }
        if (is("double-softmax")) for (int n = 0; n < n_rows; n++) p[n] = softmax(p[n]);
        double loss = 0;
        double[][] d2 = new double[n_rows][k_out], d1 = new double[n_rows][2];
        for (int n = 0; n < n_rows; n++)
            for (int k = 0; k < k_out; k++) {
                double e = p[n][k] - y[n][k], d = e;
                loss += is("squared-error") ? e * e / 2 : -y[n][k] * Math.log(p[n][k]);
                if (is("diagonal-jacobian")) d *= p[n][k] * (1 - p[n][k]);
                if (is("jacobian-twice") || is("squared-error")) {
                    d = 0;
                    for (int j = 0; j < k_out; j++) d += p[n][k] * ((j == k ? 1 : 0) - p[n][j]) * (p[n][j] - y[n][j]);
                }
                if (!is("missing-division") && !is("sums")) d /= n_rows;
                d2[n][k] = is("negative") ? -d : d;
            }
        if (!is("sums")) loss /= n_rows;
        if (is("negative")) {
            scale(v1, -1);
            scale(v2, -1);
        }
        double sign = is("wrong-sign") || is("negative") ? 1 : -1;
        double[][] w2_after = step(w2, v2, h, d2, sign), back = is("late-deltas") ? w2_after : w2;
        for (int n = 0; n < n_rows; n++)
            for (int j = 0; j < 2; j++) {
                for (int k = 0; k < k_out; k++) d1[n][j] += back[j][k] * d2[n][k];
                d1[n][j] *= h[n][j] * (1 - h[n][j]);
            }
        double[][] w1_after = step(w1, v1, x, d1, sign);
        boolean turns = is("transposed");
        if (single || turns) {
            print("w1", turns ? turned(weights(w1)) : weights(w1));
            print("w2", turns ? turned(weights(w2)) : weights(w2));
            print("b1", biases(w1));
            print("b2", biases(w2));
        }
        if (turns) {
            print("v1_before", turned(weights(v1)));
            print("v2_before", turned(weights(v2)));
            print("hidden_biases_velocity_before", biases(v1));
            print("output_biases_velocity_before", biases(v2));
        }
        if (single) print("targets", y);
        print("hidden_outputs", h);
        print("logits", z);
        print("probabilities", p);
        print("loss", new double[][] {{loss}});
        print("output_deltas", d2);
        print("hidden_deltas", d1);
        print("w1_after", turns ? turned(weights(w1_after)) : weights(w1_after));
        print("w2_after", turns ? turned(weights(w2_after)) : weights(w2_after));
        print("b1_after", biases(w1_after));
        print("b2_after", biases(w2_after));
        System.out.println("}");
    }
}

/* The whole training as one plain loop: log() on every state but the last. */

#include <math.h>

/* x is N rows by T columns; costs, wx and wrec have room for every epoch, and wx[0] and
   wrec[0] hold the start; states has room for T numbers: what goes into each timestamp. */
void train(const double *x, const double *y, long sequences, long timestamps, double state_0,
           double rate_wx, double rate_wrec, long epochs, double *states, double *costs,
           double *wx_of, double *wrec_of)
{
    double wx = wx_of[0], wrec = wrec_of[0];
    for (long epoch = 0; epoch < epochs; epoch++) {
        double cost = 0.0, d_wx = 0.0, d_wrec = 0.0;
        for (long n = 0; n < sequences; n++) {
            const double *row = x + n * timestamps;
            states[0] = state_0;
            for (long k = 0; k < timestamps - 1; k++)
                states[k + 1] = 1.0 / (1.0 + exp(-(states[k] * wrec + row[k] * wx)));
            double prediction = states[timestamps - 1] * wrec + row[timestamps - 1] * wx;
            double error = prediction - y[n];
            double d_in = 2.0 / sequences * error;
            cost += error * error;
            for (long k = timestamps - 1; k >= 0; k--) {
                d_wx += d_in * row[k];
                d_wrec += d_in * states[k];
                d_in *= wrec * states[k] * (1.0 - states[k]);
            }
        }
        costs[epoch] = cost / sequences;
        wx_of[epoch] = wx;
        wrec_of[epoch] = wrec;
        wx -= rate_wx * d_wx;
        wrec -= rate_wrec * d_wrec;
    }
}

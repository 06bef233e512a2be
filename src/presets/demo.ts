/** What the demo is made of: the market that every new demo sees, so that its samples fit it. */

/** Of the made-up market; the samples in examples/demo are worked out for it. */
export const DEMO_SEED = 1;

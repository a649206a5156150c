/** How weights start: the rules of the papers that layers cite, by the number of inputs and outputs of a unit. */
import type { Init } from '../ir/network.ts';

export type InitRule = (inputs: number, outputs: number) => Init;

/** Keeps the variance of activations through ReLUs (He and others 2015). */
export const he: InitRule = (inputs) => ({ kind: 'normal', deviation: Math.sqrt(2 / inputs) });

/** Keeps the variance of activations where nothing is cut off (LeCun and others 1998). */
export const lecun: InitRule = (inputs) => ({ kind: 'normal', deviation: Math.sqrt(1 / inputs) });

/** A compromise between the variances of activations and of gradients (Glorot and Bengio 2010). */
export const glorot: InitRule = (inputs, outputs) => symmetric(Math.sqrt(6 / (inputs + outputs)));

/** Uniform within 1 / sqrt(inputs), as networks written in PyTorch start. */
export const byInputs: InitRule = (inputs) => symmetric(1 / Math.sqrt(inputs));

/** A fixed small deviation (Devlin and others 2019; vision transformers; ConvNeXt). */
export const small: InitRule = () => ({ kind: 'normal', deviation: 0.02 });

/** Uniform between -high and high. */
export const symmetric = (high: number): Init => ({ kind: 'uniform', low: -high, high });

export const zeros: Init = { kind: 'constant', value: 0 };
export const ones: Init = { kind: 'constant', value: 1 };

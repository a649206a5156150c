import { extreme } from './extreme.ts';

/** The smaller of two broadcast operands; equal ones share the gradient. */
export const minimum = extreme('minimum', 'Min');

import { extreme } from './extreme.ts';

/** The larger of two broadcast operands; equal ones share the gradient. */
export const maximum = extreme('maximum', 'Max');

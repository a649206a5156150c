/** Directions that predictions must keep to along columns of numbers. */

/** Whether a learner, by its name, can keep to directions (`Features.directions`): trees do, and what says the same of all rows. */
export const keepsDirections = (learner: string): boolean => learner === 'boosting' || learner === 'baseline';

/** The sample tables beside this file, in `samples/`; sources and licences are in `samples/README.md`. */
import { join } from 'node:path';

export interface SampleTable {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly rows: number;
  readonly columns: number;
  readonly file: string;
}

export const sampleTables: readonly SampleTable[] = [
  {
    key: 'penguins',
    name: 'Palmer penguins',
    description: 'Which of three species is a penguin, by its measures? Small, with a few missing values.',
    rows: 344,
    columns: 7,
    file: 'penguins.csv',
  },
  {
    key: 'churn',
    name: 'Customer churn',
    description: 'Which telephone customers leave? Two classes, one rare, numbers and categories.',
    rows: 5000,
    columns: 20,
    file: 'churn.csv',
  },
  {
    key: 'california-housing',
    name: 'California housing',
    description: 'What is a house worth in a block of the 1990 census? A number to predict.',
    rows: 10_000,
    columns: 9,
    file: 'california-housing.csv',
  },
];

/** Every process of the product runs in the repository's root; bundlers move modules, so their own place is no guide. */
export const sampleFile = (sample: SampleTable): string => join(process.cwd(), 'db', 'seed', 'samples', sample.file);

/** How a delimited text file is written. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: '"' | "'";
  /** `quote`: a quote inside quotes is doubled; `backslash`: it is written `\"`. */
  readonly escape: 'quote' | 'backslash';
}

export const cleanDialect: Dialect = { delimiter: ',', quote: '"', escape: 'quote' };

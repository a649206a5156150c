/** Raw rows as the tensors that an exported file takes. */
import type { Tensor } from '../contracts/runtime.ts';
import { type Preparation, tensorOf } from './plan.ts';
import { asNumbers, asStrings, columnsByName, type Table } from './table.ts';

/** One tensor [rows, 1] per graph input; missing is NaN or "". Columns that the table lacks are missing throughout. */
export function feedsOf(preparation: Preparation, table: Table): Record<string, Tensor> {
  const dims = [table.rows, 1];
  const columns = columnsByName(table);
  return Object.fromEntries(
    preparation.columns.map((plan) => {
      const column = columns.get(plan.name);
      const type = tensorOf(plan);
      if (type === 'string') {
        const strings = column ? asStrings(column) : null;
        const data = Array.from({ length: table.rows }, (_, i) => {
          const code = strings ? strings.codes[i]! : -1;
          return code < 0 ? '' : strings!.dictionary[code]!;
        });
        return [plan.input, { type, dims, data }];
      }
      const values = column ? asNumbers(column) : new Float64Array(table.rows).fill(Number.NaN);
      return [plan.input, { type, dims, data: type === 'float64' ? values : Float32Array.from(values) }];
    }),
  );
}

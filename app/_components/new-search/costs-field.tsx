'use client';
/** What each mistake costs: a row per true class, a column per class that is said. */
import { Input } from '../ui/index.ts';
import type { FormValues } from './form-state.ts';

/** More make no grid that anybody fills in. */
export const mostCostClasses = 8;

export interface CostsFieldProps {
  readonly classes: readonly string[];
  readonly costs: FormValues['costs'];
  readonly set: (values: Partial<FormValues>) => void;
}

export function CostsField({ classes, costs, set }: CostsFieldProps) {
  const give = (actual: string, said: string, text: string) => {
    const cost = Number(text.replace(',', '.'));
    if (!Number.isFinite(cost) || cost < 0) return;
    set({ costs: { ...costs, [actual]: { ...costs[actual], [said]: Math.min(1e9, cost) } } });
  };
  return (
    <div className="overflow-x-auto">
      <table className="text-table">
        <caption className="pb-1.5 text-left text-label text-muted">
          What it costs to say a class (across) where another is true (down). Right labels are free.
        </caption>
        <thead>
          <tr>
            <th scope="col" className="pr-3 text-left text-label font-medium text-muted">
              true class
            </th>
            {classes.map((said) => (
              <th
                key={said}
                scope="col"
                title={said}
                className="max-w-28 truncate px-1 text-left text-label font-medium text-muted"
              >
                {said}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((actual) => (
            <tr key={actual}>
              <th scope="row" title={actual} className="max-w-40 truncate pr-3 text-left font-normal">
                {actual}
              </th>
              {classes.map((said) => (
                <td key={said} className="p-1">
                  {actual === said ? (
                    <span className="px-2 text-faint">0</span>
                  ) : (
                    <Input
                      aria-label={`Cost of saying ${said} where ${actual} is true`}
                      inputMode="decimal"
                      className="w-20"
                      defaultValue={String(costs[actual]?.[said] ?? 1)}
                      onBlur={(event) => give(actual, said, event.target.value)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

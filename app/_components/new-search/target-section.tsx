'use client';
/** Which column is predicted: the likeliest ones first, any other by name. */
import type { Profile } from '#core/contracts/dataset.ts';
import { formatCount } from '../../_lib/format.ts';
import { Field, Segmented, Select } from '../ui/index.ts';
import { type FormValues, twoClasses } from './form-state.ts';
import { Section } from './section.tsx';

export interface FormPartProps {
  readonly values: FormValues;
  readonly profile: Profile;
  readonly set: (values: Partial<FormValues>) => void;
  readonly reason: string | undefined;
}

export interface TargetSectionProps extends FormPartProps {
  /** Columns by how likely they are the target. */
  readonly likely: readonly string[];
}

export function TargetSection({ values, profile, set, reason, likely }: TargetSectionProps) {
  const rank = (name: string) => {
    const at = likely.indexOf(name);
    return at === -1 ? likely.length : at;
  };
  const columns = [...profile.columns].sort((a, b) => rank(a.name) - rank(b.name));
  return (
    <Section step={1} title="Target" reason={reason}>
      <Field label="Column to predict" labelHidden className="max-w-field">
        <Select
          value={values.target}
          placeholder="Choose a column"
          onChange={(target) => set({ target })}
          options={columns.map((column) => ({
            value: column.name,
            label: column.name,
            note: `${column.type}, ${formatCount(column.distinct)} distinct${column.missing > 0 ? `, ${formatCount(column.missing)} missing` : ''}`,
          }))}
        />
      </Field>
    </Section>
  );
}

export function TaskSection({ values, profile, set, reason }: FormPartProps) {
  const column = profile.columns.find((one) => one.name === values.target);
  const classes = twoClasses(values.kind, column);
  return (
    <Section step={2} title="Task" reason={reason}>
      <Segmented
        label="Task"
        className="self-start"
        value={values.kind}
        onChange={(kind) => set({ kind })}
        options={[
          { value: 'classification', label: 'Classification' },
          { value: 'regression', label: 'Regression', disabled: column !== undefined && column.type !== 'number' },
        ]}
      />
      {classes.length === 2 ? (
        <Field
          label="Positive class"
          help="The class whose probability thresholds and curves speak of."
          className="max-w-field"
        >
          <Select
            value={values.positiveClass}
            placeholder="Choose a class"
            onChange={(positiveClass) => set({ positiveClass })}
            options={classes.map((value) => ({ value, label: value }))}
          />
        </Field>
      ) : null}
    </Section>
  );
}

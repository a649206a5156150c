'use client';
/** What better means. */
import { type MetricName, metricInfo } from '#core/contracts/task.ts';
import { Field, Select } from '../ui/index.ts';
import { CostsField, mostCostClasses } from './costs-field.tsx';
import { metricsFor } from './form-state.ts';
import { Section } from './section.tsx';
import type { FormPartProps } from './target-section.tsx';

const meaning: Record<MetricName, string> = {
  roc_auc: 'how well the classes are ranked, at any threshold',
  log_loss: 'how honest the probabilities are',
  accuracy: 'share of right labels',
  balanced_accuracy: 'share of right labels, each class counting the same',
  f1: 'precision and recall of the positive class',
  f1_macro: 'precision and recall, each class counting the same',
  f1_weighted: 'precision and recall, classes by their size',
  mcc: 'correlation of labels and predictions',
  cost: 'what mistakes cost, each as much as you say',
  rmse: 'typical error, large ones counting more',
  mae: 'typical error',
  r2: 'share of the variation that is explained',
  rmsle: 'typical error in proportion, for positive targets',
  smape: 'typical error in percent of the size',
  pinball: 'typical error of the median',
  pinball_05: 'a bound that 5 % of the values lie below',
  pinball_10: 'a bound that 10 % of the values lie below',
  pinball_25: 'a bound that a quarter of the values lie below',
  pinball_75: 'a bound that three quarters of the values lie below',
  pinball_90: 'a bound that 90 % of the values lie below',
  pinball_95: 'a bound that 95 % of the values lie below',
};

export function MetricSection({ values, profile, set, reason }: FormPartProps) {
  const column = profile.columns.find((one) => one.name === values.target);
  return (
    <Section step={3} title="Metric" reason={reason}>
      <Field label="Metric" labelHidden className="max-w-field">
        <Select
          value={values.metric}
          onChange={(metric) => set({ metric })}
          options={metricsFor(values.kind, column?.distinct ?? null).map((value) => ({
            value,
            label: metricInfo[value].label,
            note: `${meaning[value]}; ${metricInfo[value].direction === 'maximize' ? 'higher' : 'lower'} is better`,
          }))}
        />
      </Field>
      {values.metric === 'cost' && column ? (
        column.distinct <= mostCostClasses ? (
          <CostsField
            key={column.name}
            classes={column.top.map(({ value }) => value).toSorted()}
            costs={values.costs}
            set={set}
          />
        ) : (
          <p className="max-w-prose text-label text-muted">
            Every mistake costs 1 here; costs of their own can be given for up to {mostCostClasses} classes.
          </p>
        )
      ) : null}
    </Section>
  );
}

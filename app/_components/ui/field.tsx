'use client';
/** A labelled control with help and error text wired for assistive technology. */
import { Field as BaseField } from '@base-ui/react/field';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export const controlClass =
  'w-full min-w-0 rounded-md border border-control bg-panel px-2.5 text-table text-ink placeholder:text-faint data-disabled:opacity-60 data-invalid:border-bad';

export interface FieldProps {
  readonly label: ReactNode;
  /** Why and what: shown under the control. */
  readonly help?: ReactNode;
  readonly error?: ReactNode;
  readonly name?: string;
  /** Hides the label visually where the context already says it. */
  readonly labelHidden?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Field({ label, help, error, name, labelHidden, className, children }: FieldProps) {
  return (
    <BaseField.Root name={name} invalid={Boolean(error)} className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <BaseField.Label className={cx('text-label font-medium text-muted', labelHidden && 'sr-only')}>
        {label}
      </BaseField.Label>
      {children}
      {error ? (
        <BaseField.Error match className="text-label text-bad">
          {error}
        </BaseField.Error>
      ) : null}
      {help ? <BaseField.Description className="text-label text-muted">{help}</BaseField.Description> : null}
    </BaseField.Root>
  );
}

/** A text input; inside `Field` it is labelled by it, elsewhere give `aria-label`. */
export interface InputProps extends Omit<ComponentProps<typeof BaseField.Control>, 'className'> {
  readonly large?: boolean;
  readonly className?: string;
}

export function Input({ large, className, ...rest }: InputProps) {
  return <BaseField.Control {...rest} className={cx(controlClass, large ? 'h-10' : 'h-8', className)} />;
}

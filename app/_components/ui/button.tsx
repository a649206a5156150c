'use client';
/** Buttons are verbs. `primary` is ember and appears once per page; `danger` only inside a confirmation. */
import { Button as BaseButton } from '@base-ui/react/button';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';
import { Hint } from './tooltip.tsx';

export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger';
/** `icon` and `icon-small` are square. */
export type ButtonSize = 'small' | 'medium' | 'large' | 'icon' | 'icon-small';

const tones: Record<ButtonTone, string> = {
  primary: 'border-transparent bg-ember-ink text-on-ember hover:not-data-disabled:bg-ember-hover',
  secondary: 'border-line-strong bg-panel text-ink hover:not-data-disabled:bg-sunk',
  quiet:
    'border-transparent bg-transparent text-muted hover:not-data-disabled:bg-sunk hover:not-data-disabled:text-ink',
  danger: 'border-transparent bg-bad text-on-bad hover:not-data-disabled:opacity-90',
};
const sizes: Record<ButtonSize, string> = {
  small: 'h-7 px-2.5 text-label',
  medium: 'h-8 px-3 text-table',
  large: 'h-10 px-4 text-body',
  icon: 'size-8',
  'icon-small': 'size-7',
};

/** The classes of a button, for elements that must be something else (a label, a file input's face). */
export function buttonClass(tone: ButtonTone = 'secondary', size: ButtonSize = 'medium', className?: string): string {
  return cx(
    'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium no-underline transition-colors',
    'data-disabled:cursor-default data-disabled:opacity-50 data-popup-open:bg-sunk',
    tones[tone],
    sizes[size],
    className,
  );
}

export interface ButtonProps extends Omit<ComponentProps<typeof BaseButton>, 'className'> {
  readonly tone?: ButtonTone;
  readonly size?: ButtonSize;
  readonly className?: string;
  /** Shown while the action runs: the label stays, clicks are ignored, focus stays where it is. */
  readonly busy?: boolean;
}

export function Button({ tone, size, className, busy, disabled, children, ...rest }: ButtonProps) {
  return (
    <BaseButton
      type="button"
      {...rest}
      disabled={disabled || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      className={buttonClass(tone, size, cx(busy && 'breathe', className))}
    >
      {children}
    </BaseButton>
  );
}

export interface ButtonLinkProps extends Omit<ComponentProps<typeof Link>, 'className'> {
  readonly tone?: ButtonTone;
  readonly size?: ButtonSize;
  readonly className?: string;
}

export function ButtonLink({ tone, size, className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={buttonClass(tone, size, className)} />;
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'size'> {
  readonly small?: boolean;
  /** Read by screen readers and shown as the hint. */
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, tone = 'quiet', small, className, children, ...rest }: IconButtonProps) {
  return (
    <Hint text={label}>
      <Button {...rest} tone={tone} size={small ? 'icon-small' : 'icon'} aria-label={label} className={className}>
        {children}
      </Button>
    </Hint>
  );
}

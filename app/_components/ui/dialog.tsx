'use client';
/** Windows above the page, for a short form or a decision. Focus is trapped and returned by Base UI. */
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';
import { Button } from './button.tsx';

export const scrimClass =
  'fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}

export function Dialog({ open, onOpenChange, title, description, children, actions, wide }: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={scrimClass} />
        <BaseDialog.Popup
          className={cx(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-lg border border-line-strong bg-panel shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0',
            wide ? 'max-w-3xl' : 'max-w-dialog',
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <BaseDialog.Title className="text-lead font-semibold tracking-tight">{title}</BaseDialog.Title>
              {description ? (
                <BaseDialog.Description className="mt-1 text-table text-muted">{description}</BaseDialog.Description>
              ) : null}
            </div>
            <BaseDialog.Close
              render={
                <Button tone="quiet" size="icon" aria-label="Close" className="-mt-0.5 -mr-2">
                  <X aria-hidden className="size-4" />
                </Button>
              }
            />
          </div>
          {children ? (
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-4 pb-5">{children}</div>
          ) : (
            <div className="h-4" />
          )}
          {actions ? (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</div>
          ) : null}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

'use client';
/** Short confirmations at the corner, announced politely; with an undo where there is one. */
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';
import { buttonClass } from './button.tsx';

const manager = Toast.createToastManager();

export interface ToastRequest {
  readonly title: string;
  readonly description?: string;
  readonly tone?: 'plain' | 'bad';
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Shows a toast; failures stay until dismissed. */
export function showToast({ title, description, tone = 'plain', action }: ToastRequest): void {
  manager.add({
    title,
    description,
    type: tone,
    priority: tone === 'bad' ? 'high' : 'low',
    timeout: tone === 'bad' ? 0 : action ? 10_000 : 5_000,
    actionProps: action ? { children: action.label, onClick: action.run } : undefined,
  });
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-lg border border-line-strong bg-panel shadow-float transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-center gap-3 p-3">
        <div className="min-w-0 flex-1">
          <Toast.Title className={cx('text-table font-medium', toast.type === 'bad' && 'text-bad')} />
          <Toast.Description className="text-table text-muted" />
        </div>
        {toast.actionProps ? <Toast.Action className={buttonClass('secondary', 'small')} /> : null}
        <Toast.Close aria-label="Dismiss" className={buttonClass('quiet', 'icon-small')}>
          <X aria-hidden className="size-3.5" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

export function ToastArea({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-18 z-50 flex w-[calc(100vw-2rem)] max-w-sm flex-col gap-2 md:bottom-4">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

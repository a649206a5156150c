'use client';
/** The workspace's tasks and trials to a file, and those of another installation from one. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { formatCount } from '../../_lib/format.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { saveFile } from '../chart/export.ts';
import { MenuItem, showToast } from '../ui/index.ts';

/** @returns the menu's items and the file picker, which outlives the menu */
export function useBankMenu(workspaceId: string): { readonly menu: ReactNode; readonly picker: ReactNode } {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const failed = (title: string) => (error: unknown) =>
    showToast({ title, description: errorText(error), tone: 'bad' });
  const save = useMutation(
    trpc.bank.export.mutationOptions({
      onSuccess: ({ text }) => saveFile('bank.jsonl', text, 'application/jsonl'),
      onError: failed('The bank was not saved'),
    }),
  );
  const add = useMutation(
    trpc.bank.import.mutationOptions({
      onSuccess: async ({ tasks, trials }) => {
        await cache.invalidateQueries(trpc.bank.pathFilter());
        showToast({ title: `${formatCount(trials)} new trials of ${formatCount(tasks)} tasks are in the bank` });
      },
      onError: failed('The file was not added'),
    }),
  );
  return {
    menu: (
      <>
        <MenuItem onSelect={() => save.mutate({ workspaceId })}>Save to a file</MenuItem>
        <MenuItem onSelect={() => input.current?.click()}>Add from a file…</MenuItem>
      </>
    ),
    picker: (
      <input
        ref={input}
        type="file"
        accept=".jsonl"
        hidden
        tabIndex={-1}
        aria-label="Bank file to add"
        onChange={async (event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) add.mutate({ workspaceId, text: await file.text() });
        }}
      />
    ),
  };
}

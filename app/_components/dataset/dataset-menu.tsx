'use client';
/** What else one can do with a data set: a new version, a new name, away with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactNode, useRef, useState } from 'react';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { acceptAttribute, whyNotAccepted } from '../../_lib/upload/accept.ts';
import { RenameDialog } from '../project/rename-dialog.tsx';
import { MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { useUploads } from '../upload/upload-context.tsx';
import { DeleteDataset } from './delete-dataset.tsx';
import type { DatasetPage } from './types.ts';

export interface DatasetMenuRequest {
  readonly projectId: string;
  readonly page: DatasetPage | undefined;
  readonly mayEdit: boolean;
}

/** @returns the menu's items and what they open, which outlives the menu */
export function useDatasetMenu({ projectId, page, mayEdit }: DatasetMenuRequest): {
  readonly menu: ReactNode;
  readonly dialogs: ReactNode;
} {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  const { start } = useUploads();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState<'rename' | 'delete' | null>(null);
  const rename = useMutation(
    trpc.dataset.rename.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries(trpc.dataset.pathFilter());
        setOpen(null);
      },
    }),
  );
  if (!page || !mayEdit) return { menu: null, dialogs: null };
  const { dataset } = page;
  const take = (file: File | undefined) => {
    if (!file) return;
    const reason = whyNotAccepted(file);
    if (reason) showToast({ title: 'Not uploaded', description: reason, tone: 'bad' });
    else {
      start(file, {
        projectId,
        datasetId: dataset.id,
        onDone: () => router.push(routes.dataset(projectId, dataset.id)),
      });
    }
  };
  return {
    menu: (
      <>
        <MenuItem onSelect={() => input.current?.click()}>Upload a new version…</MenuItem>
        <MenuItem onSelect={() => setOpen('rename')}>Rename…</MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => setOpen('delete')}>
          Delete data set…
        </MenuItem>
      </>
    ),
    dialogs: (
      <>
        <input
          ref={input}
          type="file"
          hidden
          tabIndex={-1}
          accept={acceptAttribute}
          aria-label="New version to upload"
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <RenameDialog
          open={open === 'rename'}
          onOpenChange={() => setOpen(null)}
          what="data set"
          name={dataset.name}
          onRename={(name) => rename.mutate({ id: dataset.id, name })}
          busy={rename.isPending}
          error={rename.error ? errorText(rename.error) : null}
        />
        <DeleteDataset
          open={open === 'delete'}
          onOpenChange={() => setOpen(null)}
          projectId={projectId}
          dataset={dataset}
        />
      </>
    ),
  };
}

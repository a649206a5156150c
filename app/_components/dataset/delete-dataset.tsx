'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { showToast } from '../ui/toast.tsx';
import type { DatasetPage } from './types.ts';

export interface DeleteDatasetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly projectId: string;
  readonly dataset: DatasetPage['dataset'];
}

/** Deletes a data set after showing what hangs on it. */
export function DeleteDataset({ open, onOpenChange, projectId, dataset }: DeleteDatasetProps) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  const hanging = useQuery(trpc.dataset.dependents.queryOptions({ id: dataset.id }, { enabled: open, staleTime: 0 }));
  const remove = useMutation(
    trpc.dataset.delete.mutationOptions({
      onSuccess: async () => {
        router.push(routes.project(projectId));
        showToast({ title: `${dataset.name} deleted` });
        await cache.invalidateQueries(trpc.dataset.list.pathFilter());
        await cache.invalidateQueries(trpc.search.pathFilter());
        await cache.invalidateQueries(trpc.model.pathFilter());
      },
    }),
  );
  const searches = hanging.data?.searches ?? [];
  const models = hanging.data?.models ?? [];
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${dataset.name}`}
      action="Delete data set"
      typeName={searches.length > 0 ? dataset.name : undefined}
      onConfirm={() => remove.mutate({ id: dataset.id })}
      busy={remove.isPending || hanging.isPending}
      error={remove.error ? errorText(remove.error) : hanging.error ? errorText(hanging.error) : null}
    >
      {hanging.isPending ? (
        <p className="text-muted">Looking for what depends on it…</p>
      ) : searches.length + models.length === 0 ? (
        <p>Nothing depends on it. All its versions and files go. This cannot be undone.</p>
      ) : (
        <div>
          <p>
            All its versions go, and with them {plural(searches.length, 'search', 'searches')} and{' '}
            {plural(models.length, 'model')}. Files you have downloaded keep working. This cannot be undone.
          </p>
          <ul className="mt-2 max-h-40 overflow-y-auto rounded-md border border-line px-3 py-2 text-muted">
            {searches.map((one) => (
              <li key={one.id}>
                Search {one.number} · predict {one.target}
              </li>
            ))}
            {models.map((one) => (
              <li key={one.id}>{one.name}</li>
            ))}
          </ul>
        </div>
      )}
    </Confirm>
  );
}

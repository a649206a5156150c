'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { SearchView } from '#core/contracts/views.ts';
import { plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Confirm } from '../ui/index.ts';

export interface DeleteSearchProps {
  readonly view: SearchView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks before an ended search goes, and says what goes with it. */
export function DeleteSearch({ view, open, onOpenChange }: DeleteSearchProps) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  const remove = useMutation(
    trpc.search.delete.mutationOptions({
      onSuccess: () => {
        router.push(routes.project(view.projectId));
        void cache.invalidateQueries(trpc.search.list.pathFilter());
        void cache.invalidateQueries(trpc.model.list.pathFilter());
      },
    }),
  );
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete search ${view.number}?`}
      action="Delete search"
      busy={remove.isPending}
      error={remove.error ? errorText(remove.error) : null}
      onConfirm={() => remove.mutate({ id: view.id })}
    >
      <p>
        {plural(view.trials.done, 'finished trial')}
        {view.modelId ? ' and the model with its files' : ''} will be gone. What the bank learned from them stays.
      </p>
    </Confirm>
  );
}

'use client';
/** What is rarely done with a model: taking it out of use, and deleting it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import type { ModelView } from '#core/contracts/views.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Confirm, MenuItem, MenuSeparator, showToast } from '../ui/index.ts';

/** Items for the page's menu, and the question they may open. */
export function useModelMenu(model: ModelView): { menu: ReactNode; dialog: ReactNode } {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const archive = useMutation(
    trpc.model.archive.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries(trpc.model.pathFilter());
        showToast({ title: `${model.name} is archived`, description: 'Its files are kept.' });
      },
      onError: (error) => showToast({ title: 'Could not archive', description: errorText(error), tone: 'bad' }),
    }),
  );
  const remove = useMutation(
    trpc.model.delete.mutationOptions({
      onSuccess: () => {
        router.push(routes.project(model.projectId));
        void cache.invalidateQueries(trpc.model.list.pathFilter());
      },
    }),
  );
  return {
    menu: (
      <>
        <MenuItem disabled={model.state === 'archived'} onSelect={() => archive.mutate({ id: model.id })}>
          Archive
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => setAsking(true)}>
          Delete…
        </MenuItem>
      </>
    ),
    dialog: (
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={`Delete ${model.name}?`}
        action="Delete model"
        busy={remove.isPending}
        error={remove.error ? errorText(remove.error) : null}
        onConfirm={() => remove.mutate({ id: model.id })}
      >
        <p>
          The ONNX file, its bundle and its browser checks are deleted. Search {model.searchNumber} and its trials stay.
        </p>
      </Confirm>
    ),
  };
}

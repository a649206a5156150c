'use client';
/** Types changed on the page but not yet saved. Saving makes a new version: versions never change. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ColumnProfile, ColumnType } from '#core/contracts/dataset.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { showToast } from '../ui/toast.tsx';

export interface TypeEdits {
  /** By column name. */
  readonly changes: Readonly<Record<string, ColumnType>>;
  readonly count: number;
  readonly saving: boolean;
  readonly typeOf: (column: ColumnProfile) => ColumnType;
  /** Back to the type as it is takes the change away. */
  readonly set: (column: ColumnProfile, type: ColumnType) => void;
  readonly clear: () => void;
  readonly save: () => void;
}

/** @param onSaved called once the new version is made, before it is read */
export function useTypeEdits(versionId: string, onSaved: () => void): TypeEdits {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [changes, setChanges] = useState<Readonly<Record<string, ColumnType>>>({});
  const save = useMutation(
    trpc.dataset.setTypes.mutationOptions({
      onSuccess: async () => {
        setChanges({});
        onSaved();
        await cache.invalidateQueries(trpc.dataset.pathFilter());
        showToast({ title: 'Saved as a new version', description: 'Earlier versions stay as they are.' });
      },
      onError: (error) => showToast({ title: 'The types were not saved', description: errorText(error), tone: 'bad' }),
    }),
  );
  return {
    changes,
    count: Object.keys(changes).length,
    saving: save.isPending,
    typeOf: (column) => changes[column.name] ?? column.type,
    set: (column, type) =>
      setChanges((before) => {
        const { [column.name]: _, ...rest } = before;
        return type === column.type ? rest : { ...rest, [column.name]: type };
      }),
    clear: () => setChanges({}),
    save: () => save.mutate({ versionId, types: changes }),
  };
}

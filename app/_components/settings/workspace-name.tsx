'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody, CardHead } from '../ui/card.tsx';
import { Field, Input } from '../ui/field.tsx';
import { showToast } from '../ui/toast.tsx';

/** Name of the workspace in view. */
export function WorkspaceName({ workspace }: { readonly workspace: { readonly id: string; readonly name: string } }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const rename = useMutation(
    trpc.workspace.rename.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries(trpc.workspace.pathFilter());
        showToast({ title: 'Workspace renamed' });
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate({ id: workspace.id, name: String(new FormData(event.currentTarget).get('name') ?? '') });
  };
  return (
    <Card>
      <CardHead title="Workspace" />
      <CardBody>
        <form onSubmit={submit} className="flex flex-col items-start gap-3">
          <Field label="Name" error={rename.error ? errorText(rename.error) : null} className="w-full max-w-field">
            <Input
              key={workspace.id}
              name="name"
              defaultValue={workspace.name}
              required
              maxLength={120}
              autoComplete="off"
            />
          </Field>
          <Button type="submit" busy={rename.isPending}>
            Rename workspace
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}

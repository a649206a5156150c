'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';

export interface NewProjectProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly workspaceId: string | null;
}

const formId = 'new-project';

export function NewProject({ open, onOpenChange, workspaceId }: NewProjectProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const cache = useQueryClient();
  const create = useMutation(
    trpc.project.create.mutationOptions({
      onSuccess: async (project) => {
        await cache.invalidateQueries(trpc.project.list.pathFilter());
        onOpenChange(false);
        router.push(routes.project(project.id));
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ name: String(new FormData(event.currentTarget).get('name') ?? ''), workspaceId });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        create.reset();
        onOpenChange(next);
      }}
      title="New project"
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button tone="primary" type="submit" form={formId} busy={create.isPending}>
            Create project
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit}>
        <Field
          label="Name"
          help="People you invite see everything in the project and nothing outside it."
          error={create.error ? errorText(create.error) : null}
        >
          <Input name="name" required maxLength={120} autoComplete="off" autoFocus large />
        </Field>
      </form>
    </Dialog>
  );
}

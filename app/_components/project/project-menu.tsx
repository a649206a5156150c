'use client';
/** What else one can do with a project. The dialogs stand beside the menu, because they outlive it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { RenameDialog } from './rename-dialog.tsx';

export type Project = RouterOutputs['project']['get'];

/** @returns the menu's items and the dialogs they open */
export function useProjectMenu(project: Project | undefined): {
  readonly menu: ReactNode;
  readonly dialogs: ReactNode;
} {
  const trpc = useTRPC();
  const router = useRouter();
  const cache = useQueryClient();
  const [open, setOpen] = useState<'rename' | 'delete' | 'leave' | null>(null);
  const close = () => setOpen(null);
  const away = async (said: string) => {
    await cache.invalidateQueries(trpc.project.list.pathFilter());
    showToast({ title: said });
    router.push(routes.projects());
  };
  const rename = useMutation(
    trpc.project.rename.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries(trpc.project.pathFilter());
        close();
      },
    }),
  );
  const remove = useMutation(trpc.project.delete.mutationOptions({ onSuccess: () => away('Project deleted') }));
  const leave = useMutation(trpc.member.leave.mutationOptions({ onSuccess: () => away('You left the project') }));
  const list = useQuery(trpc.project.list.queryOptions({}, { enabled: open === 'delete' }));
  if (!project) return { menu: null, dialogs: null };
  const manages = project.role === 'admin' || project.role === 'owner';
  const row = list.data?.find((one) => one.id === project.id);
  const menu = (
    <>
      <MenuItem href={routes.team(project.id)}>Members</MenuItem>
      {manages ? <MenuItem href={routes.activity(project.id)}>Activity</MenuItem> : null}
      {manages ? <MenuItem onSelect={() => setOpen('rename')}>Rename…</MenuItem> : null}
      <MenuSeparator />
      {project.workspaceRole === null ? (
        <MenuItem danger onSelect={() => setOpen('leave')}>
          Leave project…
        </MenuItem>
      ) : null}
      {manages ? (
        <MenuItem danger onSelect={() => setOpen('delete')}>
          Delete project…
        </MenuItem>
      ) : null}
    </>
  );
  const dialogs = (
    <>
      <RenameDialog
        open={open === 'rename'}
        onOpenChange={close}
        what="project"
        name={project.name}
        onRename={(name) => rename.mutate({ id: project.id, name })}
        busy={rename.isPending}
        error={rename.error ? errorText(rename.error) : null}
      />
      <Confirm
        open={open === 'delete'}
        onOpenChange={close}
        title="Delete this project"
        action="Delete project"
        typeName={project.name}
        onConfirm={() => remove.mutate({ id: project.id })}
        busy={remove.isPending}
        error={remove.error ? errorText(remove.error) : null}
      >
        <p>
          {row
            ? `${plural(row.datasets, 'data set')}, ${plural(row.searches, 'search', 'searches')} and ${plural(row.models, 'model')} go with it, their files too.`
            : 'Its data sets, searches and models go with it, their files too.'}{' '}
          Files you have downloaded keep working. This cannot be undone.
        </p>
      </Confirm>
      <Confirm
        open={open === 'leave'}
        onOpenChange={close}
        title="Leave this project"
        action="Leave project"
        onConfirm={() => leave.mutate({ projectId: project.id })}
        busy={leave.isPending}
        error={leave.error ? errorText(leave.error) : null}
      >
        <p>Nothing in it is deleted. To come back you need a new invitation.</p>
      </Confirm>
    </>
  );
  return { menu, dialogs };
}

'use client';
/** Which project a page about one project shows: the one in the address, else the first of the workspace in view. */
import { useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { useShell } from '../_components/shell/shell-context.tsx';
import { useTRPC } from './trpc.tsx';

export function useProjectChoice() {
  const trpc = useTRPC();
  const { workspace } = useShell();
  const [asked, choose] = useQueryState('project', parseAsString);
  const projects = useQuery(trpc.project.list.queryOptions({}));
  const list = projects.data ?? [];
  const fallback = list.find((one) => one.workspaceId === workspace?.id) ?? list[0];
  const project = asked ? list.find((one) => one.id === asked) : fallback;
  return {
    projects,
    list,
    project: project ?? null,
    /** True when the address names a project that this person cannot see. */
    missing: asked !== null && projects.data !== undefined && project === undefined,
    choose: (id: string) => void choose(id),
  };
}

'use client';
/** What every page of the signed-in frame knows: the person, the workspace in view and the project in the address. */
import { useQuery } from '@tanstack/react-query';
import { usePathname, useSearchParams } from 'next/navigation';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { rememberChoice, workspaceCookie } from '../../_lib/cookies.ts';
import { projectInPath } from '../../_lib/routes.ts';
import { type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';

export type Workspace = RouterOutputs['workspace']['list'][number];
export interface Person {
  readonly id: string;
  readonly name: string | null;
  readonly email: string;
}

interface ShellState {
  readonly person: Person;
  readonly workspaces: readonly Workspace[];
  readonly workspace: Workspace | null;
  readonly chooseWorkspace: (id: string) => void;
  readonly projectId: string | null;
}

const ShellContext = createContext<ShellState | null>(null);

export interface ShellProviderProps {
  readonly person: Person;
  readonly initialWorkspaceId: string | null;
  readonly children: ReactNode;
}

export function ShellProvider({ person, initialWorkspaceId, children }: ShellProviderProps) {
  const trpc = useTRPC();
  const { data: workspaces = [] } = useQuery(trpc.workspace.list.queryOptions(undefined, { staleTime: 60_000 }));
  const [chosen, setChosen] = useState(initialWorkspaceId);
  const path = usePathname();
  const asked = useSearchParams().get('project');
  const value = useMemo<ShellState>(() => {
    const workspace = workspaces.find((one) => one.id === chosen) ?? workspaces[0] ?? null;
    return {
      person,
      workspaces,
      workspace,
      chooseWorkspace: (id) => {
        setChosen(id);
        rememberChoice(workspaceCookie, id);
      },
      projectId: projectInPath(path) ?? asked,
    };
  }, [workspaces, chosen, person, path, asked]);
  return <ShellContext value={value}>{children}</ShellContext>;
}

/** The frame's state; only inside the signed-in frame. */
export function useShell(): ShellState {
  const state = useContext(ShellContext);
  if (!state) throw new Error('useShell works only inside the signed-in frame');
  return state;
}

'use client';
/** API keys of a workspace: for the command line and for programs. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { errorText, type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { PageHeader } from '../page-header.tsx';
import { useShell } from '../shell/shell-context.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Empty } from '../ui/empty.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Th } from '../ui/table.tsx';
import { KeyLine } from './key-line.tsx';
import { NewKey } from './new-key.tsx';

export type ApiKey = RouterOutputs['apiKey']['list'][number];

export function KeysView() {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const { workspace } = useShell();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const workspaceId = workspace?.id ?? '';
  const keys = useQuery(trpc.apiKey.list.queryOptions({ workspaceId }, { enabled: workspace !== null }));
  const refresh = () => cache.invalidateQueries(trpc.apiKey.pathFilter());
  const revoke = useMutation(
    trpc.apiKey.revoke.mutationOptions({
      onSuccess: async () => {
        await refresh();
        setRevoking(null);
      },
    }),
  );
  return (
    <>
      <PageHeader
        crumbs={workspace ? [{ label: workspace.name }] : []}
        title="API keys"
        actions={
          workspace ? (
            <Button tone="primary" onClick={() => setMaking(true)}>
              New key
            </Button>
          ) : null
        }
      />
      <p className="mb-4 max-w-prose text-table text-muted">
        A key lets the command line or a program act in this workspace, never beyond what you may do yourself. It goes
        in the header <span className="font-mono text-label text-ink">Authorization: Bearer ws_…</span>
      </p>
      <Card>
        {keys.isError ? (
          <LoadFailed what="The keys" error={keys.error} retry={() => void keys.refetch()} />
        ) : keys.data?.length === 0 ? (
          <Empty title="No keys yet" action={<Button onClick={() => setMaking(true)}>New key</Button>}>
            Try it with <span className="font-mono text-label">warmstart run train.csv --target churn --server …</span>
          </Empty>
        ) : (
          <Table
            label="API keys"
            head={
              <>
                <Th>Name</Th>
                <Th>Begins with</Th>
                <Th>Role</Th>
                <Th>Owner</Th>
                <Th end>Last used</Th>
                <Th end>Expires</Th>
                <Th end>
                  <span className="sr-only">Actions</span>
                </Th>
              </>
            }
          >
            {keys.data ? (
              keys.data.map((key) => <KeyLine key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />)
            ) : (
              <SkeletonRows rows={2} columns={7} />
            )}
          </Table>
        )}
      </Card>
      {workspace ? (
        <NewKey open={making} onOpenChange={setMaking} workspace={workspace} onMade={() => void refresh()} />
      ) : null}
      <Confirm
        open={revoking !== null}
        onOpenChange={() => setRevoking(null)}
        title={`Revoke ${revoking?.name ?? ''}`}
        action="Revoke key"
        onConfirm={() => {
          if (revoking) revoke.mutate({ id: revoking.id });
        }}
        busy={revoke.isPending}
        error={revoke.error ? errorText(revoke.error) : null}
      >
        <p>Whatever uses it is refused from now on. This cannot be undone.</p>
      </Confirm>
    </>
  );
}

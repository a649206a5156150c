'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { showToast } from '../ui/toast.tsx';

/** Links that were made for a project, and which still open it. */
export function InvitationsCard({ projectId }: { readonly projectId: string }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const invitations = useQuery(trpc.invitation.list.queryOptions({ projectId }));
  const revoke = useMutation(
    trpc.invitation.revoke.mutationOptions({
      onSuccess: () => cache.invalidateQueries(trpc.invitation.pathFilter()),
      onError: (error) => showToast({ title: 'The link was not revoked', description: errorText(error), tone: 'bad' }),
    }),
  );
  return (
    <Card>
      <CardHead title="Invitation links" />
      {invitations.isError ? (
        <LoadFailed what="The invitations" error={invitations.error} retry={() => void invitations.refetch()} />
      ) : invitations.data?.length === 0 ? (
        <Empty title="No links yet">
          A link works for one person and seven days; it is shown once, when it is made.
        </Empty>
      ) : (
        <Table
          label="Invitation links"
          className="mt-2"
          head={
            <>
              <Th>For</Th>
              <Th>Role</Th>
              <Th>Made by</Th>
              <Th>State</Th>
              <Th end>Until</Th>
              <Th end>
                <span className="sr-only">Actions</span>
              </Th>
            </>
          }
        >
          {invitations.data ? (
            invitations.data.map((one) => (
              <Tr key={one.id}>
                <Td className="h-10 max-w-64 truncate">{one.email ?? 'whoever holds the link'}</Td>
                <Td className="text-muted">{one.role}</Td>
                <Td className="max-w-40 truncate text-muted">{one.inviter}</Td>
                <Td className={one.state === 'open' ? undefined : 'text-faint'}>{one.state}</Td>
                <Td end className="text-muted">
                  <Time value={one.expiresAt} />
                </Td>
                <Td end>
                  {one.state === 'open' ? (
                    <Button
                      tone="quiet"
                      size="small"
                      busy={revoke.isPending && revoke.variables.id === one.id}
                      onClick={() => revoke.mutate({ id: one.id })}
                    >
                      Revoke
                    </Button>
                  ) : null}
                </Td>
              </Tr>
            ))
          ) : (
            <SkeletonRows rows={1} columns={6} />
          )}
        </Table>
      )}
    </Card>
  );
}

'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { grantableRoles, type MemberRole, memberRoles } from '#core/contracts/account.ts';
import { errorText, type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';
import { useShell } from '../shell/shell-context.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Select } from '../ui/select.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../ui/table.tsx';
import { showToast } from '../ui/toast.tsx';

type Member = RouterOutputs['member']['list'][number];

export interface MembersTableProps {
  readonly projectId: string;
  /** Null while they load. */
  readonly members: readonly Member[] | null;
  readonly manages: boolean;
  readonly myRole: MemberRole;
}

export function MembersTable({ projectId, members, manages, myRole }: MembersTableProps) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const { person } = useShell();
  const [removing, setRemoving] = useState<Member | null>(null);
  const refresh = () => cache.invalidateQueries(trpc.member.pathFilter());
  const setRole = useMutation(
    trpc.member.setRole.mutationOptions({
      onSuccess: refresh,
      onError: (error) => showToast({ title: 'The role was not changed', description: errorText(error), tone: 'bad' }),
    }),
  );
  const remove = useMutation(
    trpc.member.remove.mutationOptions({
      onSuccess: async () => {
        await refresh();
        setRemoving(null);
      },
    }),
  );
  const mine = memberRoles.indexOf(myRole);
  const offered = grantableRoles.filter((role) => memberRoles.indexOf(role) <= mine);
  return (
    <>
      <Table
        label="Members"
        className="mt-2"
        head={
          <>
            <Th>Name</Th>
            <Th className="max-md:hidden">E-mail</Th>
            <Th>Role</Th>
            <Th end>{manages ? <span className="sr-only">Actions</span> : null}</Th>
          </>
        }
      >
        {members ? (
          members.map((member) => {
            const self = member.userId === person.id;
            const editable = manages && !self && !member.inherited;
            return (
              <Tr key={member.userId}>
                <Td className="h-10 max-w-56 truncate py-1.5 font-medium">
                  {member.name}
                  {self ? <span className="ml-1.5 font-normal text-faint">you</span> : null}
                  <span className="block truncate text-label font-normal text-muted md:hidden">{member.email}</span>
                </Td>
                <Td className="max-w-72 truncate text-muted max-md:hidden">{member.email}</Td>
                <Td>
                  {editable ? (
                    <Select
                      look="bare"
                      aria-label={`Role of ${member.name}`}
                      value={member.role}
                      onChange={(role) => setRole.mutate({ projectId, userId: member.userId, role })}
                      options={(member.role === 'owner' ? memberRoles : offered).map((role) => ({
                        value: role,
                        label: role,
                      }))}
                      className="-ml-1.5"
                    />
                  ) : (
                    <span className="text-muted">
                      {member.role}
                      {member.inherited ? ' · of the workspace' : ''}
                    </span>
                  )}
                </Td>
                <Td end>
                  {editable ? (
                    <Button
                      tone="quiet"
                      size="small"
                      onClick={() => setRemoving(member)}
                      aria-label={`Remove ${member.name}`}
                    >
                      Remove…
                    </Button>
                  ) : null}
                </Td>
              </Tr>
            );
          })
        ) : (
          <SkeletonRows rows={2} columns={4} />
        )}
      </Table>
      <Confirm
        open={removing !== null}
        onOpenChange={() => setRemoving(null)}
        title={`Remove ${removing?.name ?? ''}`}
        action="Remove member"
        onConfirm={() => {
          if (removing) remove.mutate({ projectId, userId: removing.userId });
        }}
        busy={remove.isPending}
        error={remove.error ? errorText(remove.error) : null}
      >
        <p>They lose sight of this project at once. What they made in it stays.</p>
      </Confirm>
    </>
  );
}

import { z } from 'zod';
import { memberRoles } from '#core/contracts/account.ts';
import { listMembers } from '../../services/member/list.ts';
import { leaveProject, removeMember } from '../../services/member/remove.ts';
import { setMemberRole } from '../../services/member/set-role.ts';
import { router, scopedProcedure } from '../trpc.ts';

const inProject = z.object({ projectId: z.uuid() });
const member = inProject.extend({ userId: z.uuid() });

export const memberRouter = router({
  list: scopedProcedure('member.read')
    .input(inProject)
    .query(({ ctx, input }) => listMembers(ctx.service, input)),
  setRole: scopedProcedure('member.setRole')
    .input(member.extend({ role: z.enum(memberRoles) }))
    .mutation(({ ctx, input }) => setMemberRole(ctx.service, input)),
  remove: scopedProcedure('member.remove')
    .input(member)
    .mutation(({ ctx, input }) => removeMember(ctx.service, input)),
  leave: scopedProcedure('member.leave')
    .input(inProject)
    .mutation(({ ctx, input }) => leaveProject(ctx.service, input)),
});

import { TeamView } from '../../_components/team/team-view.tsx';

export default function TeamPage() {
  return <TeamView />;
}

import { ActivityView } from '../../_components/team/activity-view.tsx';

export default function ActivityPage() {
  return <ActivityView />;
}

export const ActivityView = () => null

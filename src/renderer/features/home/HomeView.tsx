export const HomeView = () => null

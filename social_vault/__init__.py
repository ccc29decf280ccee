"""The library behind the flows, free of Prefect: what is declared, checked, loaded and answered."""

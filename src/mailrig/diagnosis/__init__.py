"""What log lines mean; pure, and knows neither how they were read nor what is deployed."""

Console.WriteLine("tuner");
return 0;
